using System.Globalization;
using System.Numerics;
using Semblance.Imaging;
using Semblance.Recognition.Detection;

namespace Semblance.Recognition.Tests.Detection;

/// <summary>Published models on real photos.</summary>
public sealed class RealDetectorTests(ITestOutputHelper output)
{
    [Fact]
    public void Landmarks_agree_with_those_that_the_reference_alignment_used()
    {
        using IFaceDetector detector = FaceDetectors.Open(
            RealModels.FindOrSkip(RealModels.UltraLight), landmarksPath: RealModels.FindOrSkip(RealModels.Landmarks));
        Dictionary<string, Vector2[]> truth = ReadTruth();
        var distances = new List<float>();
        Vector2 bias = Vector2.Zero;
        foreach ((string name, PixelBuffer photo) in RealModels.Portraits(200, 66))
        {
            if (Subject(detector.Detect(photo), truth[name]) is { Landmarks: { } landmarks })
            {
                Vector2[] offsets = [.. landmarks.ToPoints().Zip(truth[name], (a, b) => a - b)];
                distances.AddRange(offsets.Select(o => o.Length()));
                bias += offsets.Aggregate((a, b) => a + b) / 5;
            }
        }

        distances.Sort();
        int faces = distances.Count / 5;
        bias /= faces;
        output.WriteLine($"{faces} faces: median {distances[distances.Count / 2]:F3} px, 95 % {distances[distances.Count * 95 / 100]:F3} px, bias {bias}");
        Assert.True(faces >= 199, $"Only {faces} of 200 main faces found.");
        Assert.True(distances[distances.Count / 2] < 0.5f, $"median {distances[distances.Count / 2]} px");
        Assert.True(distances[distances.Count * 95 / 100] < 1.2f, $"95 % {distances[distances.Count * 95 / 100]} px");

        // Half a pixel would show.
        Assert.True(bias.Length() < 0.2f, $"bias {bias} px");
    }

    [Theory]
    [InlineData(RealModels.UltraLight, "ultralight ")]
    [InlineData(RealModels.BlazeFaceFront, "blazeface ")]
    [InlineData(RealModels.RetinaFace, "retinaface ")]
    [InlineData(RealModels.RetinaFaceInFifths, "retinaface ")]
    public void The_person_of_a_portrait_is_found(string model, string family)
    {
        using IFaceDetector detector = FaceDetectors.Open(RealModels.FindOrSkip(model));
        Assert.StartsWith(family, detector.Name);
        Dictionary<string, Vector2[]> truth = ReadTruth();
        IReadOnlyList<(string Name, PixelBuffer Pixels)> portraits = RealModels.Portraits(200, 66);
        int hits = portraits.Count(p => Subject(detector.Detect(p.Pixels), truth[p.Name]) is not null);
        output.WriteLine($"{model}: {hits} of {portraits.Count}");
        Assert.True(hits >= 199, $"{hits} of {portraits.Count}");
    }

    [Theory]
    [InlineData(RealModels.BlazeFaceFront)]
    [InlineData(RealModels.RetinaFace)]
    [InlineData(RealModels.RetinaFaceInFifths)]
    public void A_detector_with_points_places_eyes_and_mouth_within_a_tenth_of_the_eyes_distance(string model)
    {
        using IFaceDetector detector = FaceDetectors.Open(RealModels.FindOrSkip(model));
        Dictionary<string, Vector2[]> truth = ReadTruth();
        var shares = new List<float>();
        foreach ((string name, PixelBuffer photo) in RealModels.Portraits(100, 130))
        {
            Vector2[] t = truth[name];
            if (Subject(detector.Detect(photo), t)?.Landmarks is { } l)
            {
                float eyes = Vector2.Distance(t[0], t[1]);
                shares.AddRange([
                    Vector2.Distance(l.LeftEye, t[0]) / eyes, Vector2.Distance(l.RightEye, t[1]) / eyes,
                    Vector2.Distance(l.MouthCentre, (t[3] + t[4]) / 2) / eyes]);
            }
        }

        shares.Sort();
        output.WriteLine($"{model}: median {shares[shares.Count / 2]:P1}");
        Assert.True(shares[shares.Count / 2] < 0.1f);
    }

    [Theory]
    [InlineData(RealModels.UltraLight)]
    [InlineData(RealModels.BlazeFaceFront)]
    public void All_faces_of_a_group_are_found_by_default_and_not_in_one_look(string model)
    {
        string path = RealModels.FindOrSkip(model);
        using IFaceDetector auto = FaceDetectors.Open(path);
        using IFaceDetector one = FaceDetectors.Open(path, options: new DetectionOptions { Search = FaceSearch.OneLook });
        PixelBuffer[] portraits = [.. RealModels.Portraits(36, 300).Select(p => p.Pixels)];
        int inTiles = 0, inOne = 0, surplus = 0;
        for (int i = 0; i < 3; i++)
        {
            var group = GroupPhoto.Compose([.. portraits.Skip(12 * i)], 3000, 2000, 4, 3, 100, 400, (ulong)i);
            (int found, int others) = group.Count(auto.Detect(group.Pixels));
            inTiles += found;
            surplus += others;
            inOne += group.Count(one.Detect(group.Pixels)).Found;
        }

        output.WriteLine($"{model}: {inTiles} of 36 with tiles ({surplus} others), {inOne} in one look");
        Assert.Equal(36, inTiles);
        Assert.InRange(surplus, 0, 2);
        Assert.True(inOne < inTiles);
    }

    [Fact]
    public void A_face_at_the_border_is_found_with_its_box_over_the_edge()
    {
        using IFaceDetector detector = FaceDetectors.Open(
            RealModels.FindOrSkip(RealModels.UltraLight), landmarksPath: RealModels.FindOrSkip(RealModels.Landmarks));

        // The face of a portrait spans about 70…180: cut 15 columns of it off.
        int found = RealModels.Portraits(20, 600).Count(p =>
        {
            PixelBuffer cut = Cut(p.Pixels, 85, 0, 165, 250);
            return detector.Detect(cut).Any(f => f.Box.Left < 10 && f.Landmarks!.LeftEye.X is > 0 and < 60);
        });
        output.WriteLine($"{found} of 20");
        Assert.True(found >= 17, $"{found} of 20");
    }

    [Theory]
    [InlineData(RealModels.UltraLight)]
    [InlineData(RealModels.BlazeFaceFront)]
    public void A_face_that_fills_the_photo_is_found_from_further_away(string model)
    {
        string path = RealModels.FindOrSkip(model);
        using IFaceDetector auto = FaceDetectors.Open(path);
        using IFaceDetector one = FaceDetectors.Open(path, options: new DetectionOptions { Search = FaceSearch.OneLook });
        PixelBuffer[] close = [.. RealModels.Portraits(100, 130).Select(p => Cut(p.Pixels, 75, 78, 100, 100))];
        int inAuto = close.Count(Finds(auto)), inOne = close.Count(Finds(one));
        output.WriteLine($"{model}: {inAuto} of 100, {inOne} in one look");
        Assert.True(inAuto >= 97, $"{inAuto} of 100");
        Assert.True(inOne < inAuto);

        static Func<PixelBuffer, bool> Finds(IFaceDetector detector) => photo => detector.Detect(photo).Any(f => f.Box.Height > 50);
    }

    private static PixelBuffer Cut(PixelBuffer photo, int left, int top, int width, int height)
    {
        int channels = photo.Channels;
        byte[] data = new byte[width * height * channels];
        for (int y = 0; y < height; y++)
        {
            photo.Data.AsSpan((((top + y) * photo.Width) + left) * channels, width * channels).CopyTo(data.AsSpan(y * width * channels));
        }

        return new PixelBuffer(width, height, channels, data);
    }

    private static DetectedFace? Subject(IReadOnlyList<DetectedFace> faces, Vector2[] truth) => faces.FirstOrDefault(
        f => f.Box.Left < truth[2].X && f.Box.Right > truth[2].X && f.Box.Top < truth[2].Y && f.Box.Bottom > truth[2].Y);

    private static Dictionary<string, Vector2[]> ReadTruth() =>
        File.ReadLines(RealModels.SharedOrSkip("data/lfw-landmarks.csv")).Skip(1).Select(line => line.Split(',')).ToDictionary(
            fields => fields[0],
            fields =>
            {
                float[] v = [.. fields.Skip(1).Select(f => float.TryParse(f, CultureInfo.InvariantCulture, out float number) ? number : float.NaN)];
                return Enumerable.Range(0, 5).Select(i => new Vector2(v[2 * i], v[(2 * i) + 1])).ToArray();
            });
}
