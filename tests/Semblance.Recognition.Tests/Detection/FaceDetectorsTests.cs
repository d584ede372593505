using Semblance.Imaging;
using Semblance.Recognition.Detection;

namespace Semblance.Recognition.Tests.Detection;

/// <summary>Opening and using detectors, on a real session that sees red squares.</summary>
public sealed class FaceDetectorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_of_any_size_gets_a_frame_like_the_photo()
    {
        using IFaceDetector detector = FaceDetectors.Open(GraphFile.RedSpots().Write(_folder), options: new DetectionOptions { InputSize = 320 });

        // 640×160 becomes 320×80, rounded up to 320×96. A red cell of stride 16 at (80, 16) of the frame lies at (160, 32) of the photo.
        PixelBuffer photo = Black(640, 160);
        Paint(photo, 160, 32, 32, red: true);
        IReadOnlyList<DetectedFace> faces = detector.Detect(photo);
        Assert.Contains(faces, f => f.Box.IntersectionOverUnion(new FaceBox(128, 0, 192, 64)) > 0.99f && f.Score > 0.99f);
    }

    [Fact]
    public void Colours_keep_their_order()
    {
        using IFaceDetector detector = FaceDetectors.Open(GraphFile.RedSpots(64, 64).Write(_folder));
        PixelBuffer photo = Black(64, 64);
        Paint(photo, 32, 32, 16, red: false);
        Assert.Empty(detector.Detect(photo));
        Paint(photo, 32, 32, 16, red: true);
        Assert.NotEmpty(detector.Detect(photo));
    }

    [Fact]
    public void A_grey_photo_is_seen_as_a_colour_photo_of_equal_channels()
    {
        using IFaceDetector detector = FaceDetectors.Open(GraphFile.RedSpots(64, 64).Write(_folder));
        PixelBuffer grey = new(50, 40, 1, new byte[50 * 40]), colour = Black(50, 40);
        for (int y = 10; y < 30; y++)
        {
            for (int x = 15; x < 35; x++)
            {
                grey.Data[(y * 50) + x] = 250;
                colour.Data.AsSpan(((y * 50) + x) * 3, 3).Fill(250);
            }
        }

        Assert.NotEmpty(detector.Detect(grey));
        Assert.Equal(detector.Detect(grey), detector.Detect(colour));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5000)]
    [InlineData(5000, 1)]
    [InlineData(3, 900)]
    [InlineData(5000, 4000)]
    public void Photos_of_any_shape_are_looked_at(int width, int height)
    {
        foreach (string path in (string[])[GraphFile.RedSpots().Write(_folder, "free.onnx"), GraphFile.RedSpots(64, 96).Write(_folder, "fixed.onnx")])
        {
            using IFaceDetector detector = FaceDetectors.Open(path);
            Assert.Empty(detector.Detect(new PixelBuffer(width, height, 1, new byte[width * height])));
        }
    }

    [Fact]
    public void Small_faces_of_large_photos_are_found_in_tiles_unless_one_look_is_asked_for()
    {
        string path = GraphFile.RedSpots(64, 64).Write(_folder);
        PixelBuffer photo = Black(2000, 1500);
        (int X, int Y)[] places = [(0, 0), (1900, 10), (990, 700), (10, 1400), (1900, 1400)];
        foreach ((int x, int y) in places)
        {
            Paint(photo, x, y, 90, red: true);
        }

        using IFaceDetector one = FaceDetectors.Open(path, options: new DetectionOptions { Search = FaceSearch.OneLook });
        using IFaceDetector auto = FaceDetectors.Open(path);
        Assert.Empty(one.Detect(photo));
        IReadOnlyList<DetectedFace> faces = auto.Detect(photo);
        Assert.All(places, p => Assert.Contains(
            faces, f => f.Box.Left < p.X + 90 && f.Box.Right > p.X && f.Box.Top < p.Y + 90 && f.Box.Bottom > p.Y));
        Assert.All(faces, f => Assert.Contains(
            places, p => f.Box.Left < p.X + 90 && f.Box.Right > p.X && f.Box.Top < p.Y + 90 && f.Box.Bottom > p.Y));
    }

    [Fact]
    public void Options_choose_among_the_faces()
    {
        string path = GraphFile.RedSpots(64, 64).Write(_folder);
        PixelBuffer photo = Black(64, 64);
        Paint(photo, 8, 8, 8, red: true);
        Paint(photo, 32, 32, 16, red: true);
        IReadOnlyList<DetectedFace> all = Detect(new DetectionOptions());
        Assert.Equal([32f, 16f], all.Select(f => f.Box.Height).Distinct().OrderDescending());
        Assert.All(Detect(new DetectionOptions { MinHeight = 20 }), f => Assert.Equal(32, f.Box.Height));
        Assert.Single(Detect(new DetectionOptions { MaxFaces = 1 }));
        Assert.True(Detect(new DetectionOptions { SuppressionOverlap = 0.05 }).Count < all.Count);
        Assert.Empty(Detect(new DetectionOptions { MinScore = 0.999 }));
        Assert.Equal(all.OrderByDescending(f => f.Score), all);

        IReadOnlyList<DetectedFace> Detect(DetectionOptions options)
        {
            using IFaceDetector detector = FaceDetectors.Open(path, options: options);
            return detector.Detect(photo);
        }
    }

    [Fact]
    public void Threads_share_a_detector()
    {
        using IFaceDetector detector = FaceDetectors.Open(GraphFile.RedSpots().Write(_folder));
        PixelBuffer[] photos = [.. Enumerable.Range(0, 8).Select(i =>
        {
            PixelBuffer photo = Black(100 + (40 * i), 90 + (30 * i));
            Paint(photo, 10 * i, 5 * i, 40, red: true);
            return photo;
        })];
        IReadOnlyList<DetectedFace>[] alone = [.. photos.Select(detector.Detect)];
        Parallel.For(0, 64, i => Assert.Equal(alone[i % 8], detector.Detect(photos[i % 8])));
    }

    [Fact]
    public void A_landmark_model_joined_gives_each_face_its_points()
    {
        string detectorPath = GraphFile.RedSpots(64, 64).Write(_folder);
        string landmarksPath = new GraphFile(1, 1, 64, 64)
            .Constant("output", [1, 136], [.. Enumerable.Repeat(0.5f, 136)]).Write(_folder, "landmarks.onnx");
        using IFaceDetector detector = FaceDetectors.Open(detectorPath, landmarksPath: landmarksPath);
        PixelBuffer photo = Black(64, 64);
        Paint(photo, 32, 32, 16, red: true);
        Assert.All(detector.Detect(photo), f =>
        {
            Assert.Equal((f.Box.Left + f.Box.Right) / 2, f.Landmarks!.Nose.X, 1e-3f);
            Assert.Equal((f.Box.Top + f.Box.Bottom) / 2, f.Landmarks!.Nose.Y, 1e-3f);
        });
        Assert.Equal("scrfd detector.onnx + landmarks68 landmarks.onnx", detector.Name);
    }

    [Fact]
    public void A_graph_of_no_known_family_is_refused_with_the_families()
    {
        string path = new GraphFile(1, 3, 64, 64).Constant("out", [1, 7, 3]).Write(_folder);
        Assert.Equal(
            $"{path}: is no detector of a known family (scrfd, retinaface, yunet, blazeface, ultralight): its outputs are out 1×7×3.",
            Failure(() => FaceDetectors.Open(path)));
    }

    [Fact]
    public void A_graph_of_another_family_than_named_is_refused()
    {
        string path = GraphFile.RedSpots(64, 64).Write(_folder);
        FaceDetectors.Open(path, DetectorFamily.Scrfd).Dispose();
        foreach (string other in DetectorFamily.Detectors.Where(f => f != DetectorFamily.Scrfd))
        {
            Assert.StartsWith($"{path}: is no detector of the family {other} (", Failure(() => FaceDetectors.Open(path, other)));
        }
    }

    [Fact]
    public void A_family_that_does_not_exist_is_a_usage_error()
    {
        string path = GraphFile.RedSpots(64, 64).Write(_folder);
        string message = Assert.Throws<UsageException>(() => FaceDetectors.Open(path, "haar")).Message;
        Assert.Equal("'haar' is no family of detectors; expected one of scrfd, retinaface, yunet, blazeface, ultralight.", message);
    }

    [Fact]
    public void A_model_with_another_input_than_one_image_is_refused()
    {
        string path = new GraphFile(1, 512).Constant("out", [1, 4]).Write(_folder);
        Assert.StartsWith($"{path}: is no detector: expected one image", Failure(() => FaceDetectors.Open(path)));
        Assert.StartsWith($"{path}: is no detector: expected one image", Failure(() => FaceDetectors.OpenLandmarks(path)));
    }

    [Fact]
    public void A_detector_is_no_landmark_model()
    {
        string path = GraphFile.RedSpots(64, 64).Write(_folder);
        Assert.StartsWith($"{path}: is no model of 68 points", Failure(() => FaceDetectors.OpenLandmarks(path)));
        Assert.StartsWith($"{path}: is no model of 68 points", Failure(() => FaceDetectors.Open(path, landmarksPath: path)));
    }

    [Fact]
    public void A_missing_or_damaged_file_is_named()
    {
        string path = _folder.File("none.onnx");
        Assert.StartsWith($"{path}: no such file", Failure(() => FaceDetectors.Open(path)));
        Assert.StartsWith($"{_folder.Path}: is a folder", Failure(() => FaceDetectors.Open(_folder.Path)));
        File.WriteAllText(path, "<html>404</html>");
        Assert.StartsWith($"{path}: ONNX Runtime cannot load it", Failure(() => FaceDetectors.Open(path)));
    }

    [Fact]
    public void Options_out_of_range_are_usage_errors()
    {
        string path = GraphFile.RedSpots(64, 64).Write(_folder);
        foreach (DetectionOptions options in (DetectionOptions[])
            [new() { MinScore = 1 }, new() { SuppressionOverlap = 0 }, new() { MinHeight = -1 }, new() { MaxFaces = 0 }, new() { InputSize = 32 }, new() { Search = (FaceSearch)9 }])
        {
            Assert.Throws<UsageException>(() => FaceDetectors.Open(path, options: options));
        }
    }

    [Fact]
    public void A_disposed_detector_says_so()
    {
        IFaceDetector detector = FaceDetectors.Open(GraphFile.RedSpots(64, 64).Write(_folder));
        detector.Dispose();
        detector.Dispose();
        Assert.Throws<ObjectDisposedException>(() => detector.Detect(Black(9, 9)));
    }

    private static string Failure(Func<object> open) => Assert.Throws<SemblanceException>(open).Message;

    private static PixelBuffer Black(int width, int height) => new(width, height, 3, new byte[width * height * 3]);

    private static void Paint(PixelBuffer photo, int left, int top, int side, bool red)
    {
        for (int y = top; y < Math.Min(top + side, photo.Height); y++)
        {
            for (int x = left; x < Math.Min(left + side, photo.Width); x++)
            {
                int at = ((y * photo.Width) + x) * 3;
                (photo.Data[at], photo.Data[at + 2]) = red ? ((byte)255, (byte)0) : ((byte)0, (byte)255);
            }
        }
    }
}
