using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Semblance.Data;
using Semblance.Imaging;
using Semblance.Recognition.Detection;
using Semblance.Recognition.Photos;

namespace Semblance.Recognition.Tests.Photos;

public sealed class PhotoAlignerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string In => _folder.File("photos");

    private string Out => _folder.File("crops");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folders_stay_and_every_photo_has_its_crop_and_sidecar()
    {
        Write("a/one.png", Pictures.Noise(200, 160));
        Write("a/deep/er/two.jpg", Pictures.Noise(300, 200));
        Write("three.ppm", Pictures.Noise(240, 200, seed: 3));
        FaceFinder finder = Finder();
        AlignmentReport report = Align(finder, new AlignmentOptions { Format = CropFormat.Png });
        Assert.Equal((3, 3, 3, 0, true), (report.Photos, report.Aligned, report.Crops, report.DoneBefore, report.Finished));
        Assert.Equal(
            ["a/deep/er/two.json", "a/deep/er/two.png", "a/one.json", "a/one.png", "align-report.json", "three.json", "three.png"], Files());
        FoundFace expected = finder.FindMain(ImageDecoder.DecodeFile(Path.Combine(In, "three.ppm")))!;
        Assert.Equal(expected.Crop.Data, ImageDecoder.DecodeFile(Path.Combine(Out, "three.png")).Data);

        JsonElement sidecar = Json("three.json");
        Assert.Equal("three.ppm", sidecar.GetProperty("source").GetString());
        Assert.Equal((240, 200), (sidecar.GetProperty("width").GetInt32(), sidecar.GetProperty("height").GetInt32()));
        JsonElement face = sidecar.GetProperty("faces")[0];
        Assert.Equal("three.png", face.GetProperty("crop").GetString());
        Assert.Equal(expected.Transform.A, face.GetProperty("transform")[0].GetDouble(), 9);
        Assert.Equal(expected.Landmarks.Nose.X, face.GetProperty("landmarks")[2][0].GetDouble(), 3);
        Assert.Equal(expected.Quality.Sharpness, face.GetProperty("quality").GetProperty("sharpness").GetDouble(), 9);
        Assert.Equal("arcface-112", sidecar.GetProperty("settings").GetProperty("template").GetString());
        Assert.True(Json(AlignmentReport.FileName).GetProperty("finished").GetBoolean());
    }

    [Fact]
    public void What_is_done_is_not_done_again_until_photo_settings_or_files_change()
    {
        for (int i = 0; i < 6; i++)
        {
            Write($"p/{i}.png", Pictures.Noise(200, 160, seed: i));
        }

        Write("p/none.png", Pictures.Flat(50, 50, 9));
        Assert.Equal(7, Calls());
        Assert.Equal(0, Calls(expectBefore: 7));

        Write("p/2.png", Pictures.Noise(200, 160, seed: 77));
        Assert.Equal(1, Calls(expectBefore: 6));

        File.Delete(Path.Combine(Out, "p", "3.jpg"));
        Assert.Equal(1, Calls(expectBefore: 6));

        File.WriteAllText(Path.Combine(Out, "p", "4.json"), "{ \"source\": ");
        Assert.Equal(1, Calls(expectBefore: 6));

        File.WriteAllText(Path.Combine(Out, "p", "5.json"), "null");
        Assert.Equal(1, Calls(expectBefore: 6));

        Assert.Equal(7, Calls(new AlignmentOptions { Thresholds = new QualityThresholds { MaxYaw = 40 } }));
        Assert.Equal(7, Calls(name: "another detector"));

        int Calls(AlignmentOptions? options = null, int expectBefore = 0, string name = "fake")
        {
            var detector = new FakeDetector(One) { Name = name };
            using var finder = new FaceFinder(detector, AlignmentTemplate.ArcFace);
            AlignmentReport report = Align(finder, options);
            Assert.Equal((expectBefore, 6, 1), (report.DoneBefore, report.Aligned, report.WithoutFace.Count));
            return detector.Calls;
        }
    }

    [Fact]
    public void All_faces_are_numbered_the_main_one_first_and_going_back_to_one_leaves_none_behind()
    {
        Write("group.png", Pictures.Noise(600, 300));
        var detector = new FakeDetector(FakeDetector.Face(80, 80, 25), FakeDetector.Face(300, 150, 60), FakeDetector.Face(500, 200, 8));
        AlignmentReport report = Align(new FaceFinder(detector, AlignmentTemplate.ArcFace), new AlignmentOptions { AllFaces = true });
        Assert.Equal((1, 2), (report.Aligned, report.Crops));
        Assert.Equal(["align-report.json", "group.0.jpg", "group.1.jpg", "group.json"], Files());
        JsonElement[] faces = [.. Json("group.json").GetProperty("faces").EnumerateArray()];
        Assert.Equal(["group.0.jpg", "group.1.jpg", null], faces.Select(face => face.GetProperty("crop").GetString()));
        Assert.Equal(60, faces[0].GetProperty("quality").GetProperty("eye_distance").GetDouble(), 1);
        Assert.Contains("too small", faces[2].GetProperty("refused").GetString());

        Align(new FaceFinder(detector, AlignmentTemplate.ArcFace));
        Assert.Equal(["align-report.json", "group.jpg", "group.json"], Files());
    }

    [Fact]
    public void Photos_without_a_usable_face_and_files_that_are_no_images_are_told_apart()
    {
        Write("good.png", Pictures.Noise(200, 160));
        Write("flat.png", Pictures.Flat(200, 160, 40));
        Write("one.png", Pictures.Flat(1, 1, 40));
        File.WriteAllText(Path.Combine(In, "text.jpg"), "no image");
        File.WriteAllBytes(Path.Combine(In, "huge.pgm"), Encoding.ASCII.GetBytes("P5 20000 20000 255\n"));
        File.WriteAllBytes(Path.Combine(In, "cut.jpg"), ImageEncoder.Jpeg(Pictures.Noise(100, 100))[..900]);
        AlignmentReport report = Align(new FaceFinder(new FakeDetector(One), AlignmentTemplate.ArcFace));
        Assert.Equal(["one.png"], report.WithoutFace);
        Assert.Equal("flat.png", Assert.Single(report.Refused).Path);
        Assert.Contains("blurred", report.Refused[0].Reason);
        Assert.Equal(["cut.jpg", "huge.pgm", "text.jpg"], report.Unreadable.Select(image => image.Path));
        Assert.Contains("20000×20000", report.Unreadable[1].Reason);

        // What was refused is remembered with its reason; what could not be read is tried again.
        AlignmentReport again = Align(new FaceFinder(new FakeDetector(One), AlignmentTemplate.ArcFace));
        Assert.Equal(3, again.DoneBefore);
        Assert.Equal(report.Refused, again.Refused);
        Assert.Equal(report.Unreadable, again.Unreadable);
    }

    [Fact]
    public void A_photo_is_upright_before_anything_is_measured_and_grey_or_transparent_ones_are_photos()
    {
        byte[] jpeg = ImageEncoder.Jpeg(Pictures.Noise(300, 200));
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
        Directory.CreateDirectory(In);
        File.WriteAllBytes(Path.Combine(In, "turned.jpg"), [.. jpeg[..2], .. exif, .. jpeg[2..]]);
        Write("grey.png", Pictures.Noise(200, 160, channels: 1));
        var sizes = new System.Collections.Concurrent.ConcurrentBag<(int, int, int)>();
        var detector = new FakeDetector(photo =>
        {
            sizes.Add((photo.Width, photo.Height, photo.Channels));
            return One(photo);
        });
        Align(new FaceFinder(detector, AlignmentTemplate.ArcFace));
        Assert.Equal([(200, 160, 1), (200, 300, 3)], sizes.Order());
        Assert.Equal(200, Json("turned.json").GetProperty("width").GetInt32());
        Assert.Equal(1, ImageDecoder.DecodeFile(Path.Combine(Out, "grey.jpg")).Channels);
        Assert.Equal(3, ImageDecoder.DecodeFile(Path.Combine(Out, "turned.jpg")).Channels);
    }

    [Fact]
    public void Photos_of_one_name_do_not_overwrite_each_other()
    {
        string[] names = ["a.jpg", "a.png", "A.ppm", "a.jpg.png", "align-report.png", "b.png"];
        foreach (string name in names)
        {
            Write(name, Pictures.Noise(200, 160));
        }

        Align(Finder());
        Assert.Equal(
            ["A.ppm", "a.jpg", "a.jpg.png", "a.png", "align-report.png", "b"],
            Files().Where(file => file.EndsWith(".json", StringComparison.Ordinal) && file != AlignmentReport.FileName).Select(file => file[..^5]).Order(StringComparer.Ordinal));
        Assert.True(Json(AlignmentReport.FileName).GetProperty("finished").GetBoolean());
        Assert.Equal(6, Json(AlignmentReport.FileName).GetProperty("crops").GetInt32());
    }

    [Fact]
    public void An_archive_cannot_write_outside_the_folder()
    {
        string zip = _folder.File("photos.zip");
        using (ZipArchive archive = ZipFile.Open(zip, ZipArchiveMode.Create))
        {
            foreach (string name in new[] { "../evil.png", "/evil.png", "x/../../evil.png", "good/a.png", "good/a.png" })
            {
                using Stream entry = archive.CreateEntry(name).Open();
                entry.Write(ImageEncoder.Png(Pictures.Noise(200, 160)));
            }
        }

        using PhotoCollection photos = PhotoCollection.Open(zip);
        AlignmentReport report = new PhotoAligner(Finder()).Align(photos, Path.Combine(Out, "in", "side"));
        Assert.Equal((1, 2), (report.Crops, report.Unreadable.Count));
        Assert.Equal(["in/side/align-report.json", "in/side/good/a.png.jpg", "in/side/good/a.png.json"], Files());
        Assert.Equal(["crops", "photos.zip"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(entry => Path.GetFileName(entry)!).Order());
    }

    [Fact]
    public void A_folder_that_is_none_for_crops_is_refused_before_anything_is_written()
    {
        Write("a/one.png", Pictures.Noise(200, 160));
        using PhotoCollection photos = PhotoCollection.Open(In);
        var aligner = new PhotoAligner(Finder());
        Refused(In, "within the photographs");
        Refused(Path.Combine(In, "crops"), "within the photographs");
        Refused(_folder.Path, "lie in it");
        string file = _folder.File("file");
        File.WriteAllText(file, "x");
        Refused(file, "a file");
        string foreign = _folder.File("foreign");
        Directory.CreateDirectory(foreign);
        File.WriteAllText(Path.Combine(foreign, "one.jpg"), "somebody's");
        Refused(foreign, "not made by an alignment");
        Assert.Equal("somebody's", File.ReadAllText(Path.Combine(foreign, "one.jpg")));
        string below = Path.Combine(file, "crops");
        Assert.Contains(below, Assert.Throws<SemblanceException>(() => aligner.Align(photos, below)).Message);

        // A neighbour whose name only begins like the photos' folder is another folder.
        Assert.Equal(1, aligner.Align(photos, In + "-crops").Crops);

        void Refused(string output, string part) =>
            Assert.Contains(part, Assert.Throws<UsageException>(() => aligner.Align(photos, output)).Message);
    }

    [Fact]
    public void A_run_that_was_killed_while_it_marked_its_folder_leaves_one_that_the_next_takes()
    {
        Write("a/one.png", Pictures.Noise(200, 160));
        Directory.CreateDirectory(Out);
        File.WriteAllText(Path.Combine(Out, $"{AlignmentReport.FileName}.3f2-0123456789abcdef.tmp"), "{ \"sour");
        Assert.Equal(1, Align(Finder()).Crops);
        Assert.Equal(1, Align(Finder()).DoneBefore);
    }

    [Fact]
    public void A_link_into_the_photographs_is_seen_through()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights on Windows");
        Write("a/one.png", Pictures.Noise(200, 160));
        string link = _folder.File("link");
        Directory.CreateSymbolicLink(link, In);
        using PhotoCollection photos = PhotoCollection.Open(In);
        Assert.Throws<UsageException>(() => new PhotoAligner(Finder()).Align(photos, link));
    }

    [Fact]
    public void A_cancelled_run_leaves_whole_files_and_goes_on_later()
    {
        for (int i = 0; i < 40; i++)
        {
            Write($"{i:00}.png", Pictures.Noise(200, 160, seed: i));
        }

        using var source = new CancellationTokenSource();
        using PhotoCollection photos = PhotoCollection.Open(In);
        var aligner = new PhotoAligner(Finder(), new AlignmentOptions { Workers = 2 });
        var reports = new List<long>();
        Assert.ThrowsAny<OperationCanceledException>(() => aligner.Align(photos, Out, new Told(p =>
        {
            reports.Add(p.Done);
            if (p.Done == 10)
            {
                source.Cancel();
            }
        }), source.Token));
        Assert.Equal(Enumerable.Range(1, reports.Count).Select(i => (long)i), reports);
        Assert.False(Json(AlignmentReport.FileName).GetProperty("finished").GetBoolean());
        Assert.DoesNotContain(Files(), file => file.EndsWith(".tmp", StringComparison.Ordinal));
        AlignmentReport rest = aligner.Align(photos, Out);
        Assert.Equal(40, rest.Crops);
        Assert.InRange(rest.DoneBefore, 10, 39);
    }

    [Fact]
    public void A_failing_detector_ends_the_work_with_its_own_words()
    {
        Write("one.png", Pictures.Noise(200, 160));
        Write("two.png", Pictures.Noise(200, 160));
        var detector = new FakeDetector(_ => throw new SemblanceException("the model failed."));
        Assert.Equal("the model failed.", Assert.Throws<SemblanceException>(() => Align(new FaceFinder(detector, AlignmentTemplate.ArcFace))).Message);
    }

    [Fact]
    public void Options_without_sense_are_refused()
    {
        Assert.Throws<UsageException>(() => new PhotoAligner(Finder(), new AlignmentOptions { Workers = -1 }));
        Assert.Throws<UsageException>(() => new PhotoAligner(Finder(), new AlignmentOptions { Format = (CropFormat)7 }));
        Assert.Throws<UsageException>(() => new PhotoAligner(Finder(), new AlignmentOptions { Thresholds = new QualityThresholds { MaxYaw = 900 } }));
    }

    /// <summary>A face in the middle of every photo that is large enough.</summary>
    private static IReadOnlyList<DetectedFace> One(PixelBuffer photo) =>
        photo.Width < 100 ? [] : [FakeDetector.Face(photo.Width / 2f, photo.Height / 2f, 40)];

    private static FaceFinder Finder() => new(new FakeDetector(One), AlignmentTemplate.ArcFace);

    private AlignmentReport Align(FaceFinder finder, AlignmentOptions? options = null)
    {
        using PhotoCollection photos = PhotoCollection.Open(In);
        return new PhotoAligner(finder, options).Align(photos, Out);
    }

    private void Write(string name, PixelBuffer image)
    {
        string path = Path.Combine(In, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Path.GetExtension(name) switch
        {
            ".jpg" => ImageEncoder.Jpeg(image),
            ".ppm" => [.. Encoding.ASCII.GetBytes($"P6 {image.Width} {image.Height} 255\n"), .. image.Data],
            _ => ImageEncoder.Png(image),
        });
    }

    private string[] Files() =>
        [.. Directory.EnumerateFiles(Out, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Out, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    private JsonElement Json(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Out, file))).RootElement;

    private sealed class Told(Action<WorkProgress> tell) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => tell(value);
    }
}
