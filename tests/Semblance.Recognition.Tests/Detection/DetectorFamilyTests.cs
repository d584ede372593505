using System.Numerics;
using Semblance.Imaging;
using Semblance.Recognition.Detection;

namespace Semblance.Recognition.Tests.Detection;

/// <summary>Each family on a graph whose outputs are constants, against boxes and points worked out by hand. Frames are 64×64 where not said.</summary>
public sealed class DetectorFamilyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Scrfd_reads_distances_in_strides_with_or_without_a_batch_dimension_in_any_order(bool batch, bool interleaved)
    {
        // Stride 8, cell (3, 2), the second of two anchors: row (2·8 + 3)·2 + 1.
        const int Row = 39;
        (int Stride, int Rows)[] levels = [(8, 128), (16, 32), (32, 8)];
        var graph = new GraphFile(1, 3, 64, 64);
        foreach ((string kind, int columns) in interleaved ? [] : new[] { ("score", 1), ("bbox", 4), ("kps", 10) })
        {
            foreach ((int stride, int rows) in levels)
            {
                Add(kind, columns, stride, rows);
            }
        }

        foreach ((int stride, int rows) in interleaved ? levels : [])
        {
            Add("kps", 10, stride, rows);
            Add("score", 1, stride, rows);
            Add("bbox", 4, stride, rows);
        }

        using IFaceDetector detector = FaceDetectors.Open(graph.Write(_folder));
        DetectedFace face = Assert.Single(detector.Detect(Photo(128, 64)));
        Assert.StartsWith("scrfd ", detector.Name);
        Assert.Equal(0.9f, face.Score);

        // In the frame 24 − 8, 16 − 8, 24 + 16, 16 + 20; the photo is twice as large.
        RequireBox(new FaceBox(32, 16, 80, 72), face.Box);
        RequirePoints(face, [new(56, 32), new(72, 36), new(64, 48), new(48, 64), new(80, 64)]);

        void Add(string kind, int columns, int stride, int rows)
        {
            float[] values = kind switch
            {
                "score" => [0.9f],
                "bbox" => [1, 1, 2, 2.5f],
                _ => [0.5f, 0, 1.5f, 0.25f, 1, 1, 0, 2, 2, 2],
            };
            int[] shape = batch ? [1, rows, columns] : [rows, columns];
            graph.Constant($"{kind}_{stride}", shape, stride == 8 ? [(Row * columns, values)] : []);
        }
    }

    [Fact]
    public void Scrfd_may_have_no_points_and_a_fourth_stride()
    {
        var graph = new GraphFile(1, 3, 64, 64);
        foreach ((int stride, int rows) in new[] { (8, 128), (16, 32), (32, 8), (64, 2) })
        {
            graph.Constant($"s{stride}", [rows, 1], stride == 64 ? [(1, [0.75f])] : []);
            graph.Constant($"b{stride}", [rows, 4], stride == 64 ? [(4, [0.25f, 0.5f, 0.75f, 1])] : []);
        }

        using IFaceDetector detector = FaceDetectors.Open(graph.Write(_folder));
        DetectedFace face = Assert.Single(detector.Detect(Photo(64, 64)));
        RequireBox(new FaceBox(-16, -32, 48, 64), face.Box);
        Assert.Null(face.Landmarks);
    }

    [Fact]
    public void YuNet_of_2023_takes_the_geometric_mean_of_clamped_scores_and_boxes_by_logarithms()
    {
        var graph = new GraphFile(1, 3, 64, 64);
        foreach ((int stride, int rows) in new[] { (8, 64), (16, 16), (32, 4) })
        {
            // Stride 16, cell (2, 1).
            bool here = stride == 16;
            graph.Constant($"cls_{stride}", [1, rows, 1], here ? [(6, [1.2f])] : [])
                .Constant($"obj_{stride}", [1, rows, 1], here ? [(6, [0.9025f])] : [])
                .Constant($"bbox_{stride}", [1, rows, 4], here ? [(24, [0.5f, 0.25f, MathF.Log(2), MathF.Log(3)])] : [])
                .Constant($"kps_{stride}", [1, rows, 10], here ? [(60, [0, 0, 1, 0, 0.5f, 0.5f, 0, 1, 1, 1])] : []);
        }

        using IFaceDetector detector = FaceDetectors.Open(graph.Write(_folder));
        DetectedFace face = Assert.Single(detector.Detect(Photo(64, 64)));
        Assert.StartsWith("yunet ", detector.Name);
        Assert.Equal(0.95f, face.Score, 1e-5f);
        RequireBox(new FaceBox(24, -4, 56, 44), face.Box);
        RequirePoints(face, [new(32, 16), new(48, 16), new(40, 24), new(32, 32), new(48, 32)]);
    }

    [Fact]
    public void YuNet_of_2022_reads_one_row_of_box_and_points_per_prior()
    {
        // 64·3 priors at stride 8, then at stride 16, cell (1, 0), the second size (48): its centre is (24, 8).
        const int Row = 192 + 3;
        string path = new GraphFile(1, 3, 64, 64)
            .Constant("loc", [235, 14], (Row * 14, [2.5f, 5, MathF.Log(2) / 0.1f, MathF.Log(1.5f) / 0.2f, 0, 0, 5, 0, 2.5f, 2.5f, 0, 5, 5, 5]))
            .Constant("conf", [235, 2], (Row * 2, [0.1f, 1f]))
            .Constant("iou", [235, 1], (Row, [0.9604f]))
            .Write(_folder);
        using IFaceDetector detector = FaceDetectors.Open(path);
        DetectedFace face = Assert.Single(detector.Detect(Photo(64, 64)));
        Assert.StartsWith("yunet ", detector.Name);
        Assert.Equal(0.98f, face.Score, 1e-5f);

        // Centre (24 + 12, 8 + 24), width 96, height 72.
        RequireBox(new FaceBox(-12, -4, 84, 68), face.Box);
        RequirePoints(face, [new(24, 8), new(48, 8), new(36, 20), new(24, 32), new(48, 32)]);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(5f)]
    public void RetinaFace_of_InsightFace_reads_maps_and_counts_whole_pixels(float perSide)
    {
        // Points of the later files count in fifths of the anchor's side; there every anchor's eyes are far apart in numbers.
        var graph = new GraphFile(1, 3, 64, 64);
        foreach ((int stride, int side) in new[] { (32, 2), (16, 4), (8, 8) })
        {
            // Stride 16, cell (1, 2), the second anchor, 64 wide around (23.5, 39.5). Maps lie channel by channel.
            int plane = side * side, cell = (2 * 4) + 1;
            bool here = stride == 16;
            float[] points = [.. new[] { 0, 0, 0.25f, 0, 0.125f, 0.125f, 0, 0.25f, 0.25f, 0.25f }.Select(v => v * perSide)];
            float[] typical = [.. Enumerable.Repeat(0.35f * perSide, plane)];
            graph.Constant($"prob{stride}", [1, 4, side, side], here ? [((3 * plane) + cell, [0.95f])] : [])
                .Constant($"bbox{stride}", [1, 8, side, side], here
                    ? [((4 * plane) + cell, [0.125f]), ((6 * plane) + cell, [MathF.Log(0.5f)])]
                    : [])
                .Constant($"landmark{stride}", [1, 20, side, side], [
                    (2 * plane, typical), (12 * plane, typical), .. here ? points.Select((v, k) => (((10 + k) * plane) + cell, new[] { v })) : []]);
        }

        using IFaceDetector detector = FaceDetectors.Open(graph.Write(_folder));
        DetectedFace face = Assert.Single(detector.Detect(Photo(64, 64)));
        Assert.StartsWith("retinaface ", detector.Name);
        Assert.Equal(0.95f, face.Score);

        // The centre moves by 64/8; 32 by 64 pixels from the first to the last.
        RequireBox(new FaceBox(16, 8, 48, 72), face.Box);
        RequirePoints(face, [new(23.5f, 39.5f), new(39.5f, 39.5f), new(31.5f, 47.5f), new(23.5f, 55.5f), new(39.5f, 55.5f)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RetinaFace_of_PyTorch_reads_offsets_of_priors_with_probabilities_or_logits(bool logits)
    {
        // 64·2 priors at stride 8, then at stride 16, cell (1, 0), the first size (64): its centre is (24, 8).
        const int Row = 128 + 2;
        float[] scores = Scores(168, Row, logits, 0.75f);
        string path = new GraphFile(1, 3, 64, 64)
            .Constant("loc", [1, 168, 4], (Row * 4, [1.25f, -2.5f, MathF.Log(0.5f) / 0.2f, 0]))
            .Constant("conf", [1, 168, 2], scores)
            .Constant("landms", [1, 168, 10], (Row * 10, [0, 0, 1.25f, 0, 0.625f, 0.625f, 0, 1.25f, 1.25f, 1.25f]))
            .Write(_folder);
        using IFaceDetector detector = FaceDetectors.Open(path);
        DetectedFace face = Assert.Single(detector.Detect(Photo(64, 64)));
        Assert.StartsWith("retinaface ", detector.Name);
        Assert.Equal(0.75f, face.Score, 1e-5f);
        RequireBox(new FaceBox(16, -40, 48, 24), face.Box);
        RequirePoints(face, [new(24, 8), new(32, 8), new(28, 12), new(24, 16), new(32, 16)]);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(64f)]
    public void RetinaFace_decoded_in_the_graph_is_told_by_its_numbers_in_pixels_or_shares(float unit)
    {
        // Every box lies around its prior, as decoded boxes do.
        const int Row = 130;
        float[] boxes = [.. Priors([(8, [16, 32]), (16, [64, 128]), (32, [256, 512])])
            .SelectMany(p => new[] { p.X - (p.Side / 2), p.Y - (p.Side / 2), p.X + (p.Side / 2), p.Y + (p.Side / 2) }).Select(v => v / unit)];
        string path = new GraphFile(1, 3, 64, 64)
            .Constant("boxes", [168, 4], boxes)
            .Constant("scores", [168, 2], Scores(168, Row, logits: false, 0.75f))
            .Constant("points", [168, 10], (Row * 10, [.. Enumerable.Range(1, 10).Select(v => 4 * v / unit)]))
            .Write(_folder);
        using IFaceDetector detector = FaceDetectors.Open(path);
        DetectedFace face = Assert.Single(detector.Detect(Photo(64, 64)));
        RequireBox(new FaceBox(-8, -24, 56, 40), face.Box);
        RequirePoints(face, [new(4, 8), new(12, 16), new(20, 24), new(28, 32), new(36, 40)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void UltraLight_reads_boxes_raw_or_decoded_and_has_no_points(bool decoded)
    {
        // Stride 32, cell (1, 1), the second size (96): 192 + 32 priors before the stride, centre (48, 48).
        const int Row = 192 + 32 + 7;
        (float X, float Y, float Side)[] priors = [.. Priors([(8, [10, 16, 24]), (16, [32, 48]), (32, [64, 96]), (64, [128, 192, 256])])];
        float[] boxes = new float[235 * 4];
        for (int i = 0; decoded && i < 235; i++)
        {
            (float x, float y, float side) = priors[i];
            new[] { (x - (side / 2)) / 64, (y - (side / 2)) / 64, (x + (side / 2)) / 64, (y + (side / 2)) / 64 }.CopyTo(boxes, i * 4);
        }

        string path = new GraphFile(1, 3, 64, 64)
            .Constant("scores", [1, 235, 2], Scores(235, Row, logits: false, 0.8f))
            .Constant("boxes", [1, 235, 4], boxes)
            .Write(_folder);
        using IFaceDetector detector = FaceDetectors.Open(path);
        DetectedFace face = Assert.Single(detector.Detect(Photo(32, 32)));
        Assert.StartsWith("ultralight ", detector.Name);
        RequireBox(new FaceBox(0, 0, 48, 48), face.Box);
        Assert.Null(face.Landmarks);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BlazeFace_blends_boxes_that_overlap_by_their_scores(bool oneTable)
    {
        // 128×128, stride 8, cell (3, 4): the anchor is (28, 36). Two boxes with scores 3/4 and 9/10.
        const int Row = ((4 * 16) + 3) * 2;
        float[] first = [4, -4, 32, 40, 0, 0, 8, 0, 4, 4, 4, 8, 0, 0, 0, 0];
        float[] second = [8, -4, 32, 40, 4, 0, 12, 0, 8, 4, 8, 8, 0, 0, 0, 0];
        (int, float[])[] boxes = [(Row * 16, first), ((Row + 1) * 16, second)];
        (int, float[])[] scores = [(Row, [MathF.Log(3), MathF.Log(9)])];
        var graph = new GraphFile(1, 128, 128, 3);
        if (oneTable)
        {
            graph.Constant("regressors", [1, 896, 16], boxes).Constant("classificators", [1, 896, 1], Lift(896, scores));
        }
        else
        {
            graph.Constant("s1", [1, 512, 1], Lift(512, scores)).Constant("s2", [1, 384, 1], Lift(384, []))
                .Constant("b1", [1, 512, 16], boxes).Constant("b2", [1, 384, 16]);
        }

        using IFaceDetector detector = FaceDetectors.Open(graph.Write(_folder));

        // A photo of 256×128 lies in the middle of the frame, half as large, 32 pixels from the top.
        DetectedFace face = Assert.Single(detector.Detect(Photo(256, 128)));
        Assert.StartsWith("blazeface ", detector.Name);
        Assert.Equal(0.9f, face.Score, 1e-5f);
        float shift = 4 * 0.9f / 1.65f;
        RequireBox(new FaceBox(2 * (16 + shift), 2 * (12 - 32), 2 * (48 + shift), 2 * (52 - 32)), face.Box);
        RequirePoints(face, [new(2 * (28 + shift), 8), new(2 * (36 + shift), 8), new(2 * (32 + shift), 16), new(2 * (32 + shift), 24)]);
        Assert.False(face.Landmarks!.HasMouthCorners);
    }

    [Fact]
    public void BlazeFace_of_the_full_range_has_one_anchor_in_each_cell_of_four_pixels()
    {
        // 192×192, cell (20, 10): the anchor is (82, 42).
        const int Row = (10 * 48) + 20;
        string path = new GraphFile(1, 192, 192, 3)
            .Constant("regressors", [1, 2304, 16], (Row * 16, [2, -2, 40, 60, -10, -5, 10, -5, 0, 4, 1, 12, -20, 0, 20, 0]))
            .Constant("classificators", [1, 2304, 1], Lift(2304, [(Row, [MathF.Log(9)])]))
            .Write(_folder);
        using IFaceDetector detector = FaceDetectors.Open(path);
        DetectedFace face = Assert.Single(detector.Detect(Photo(192, 192)));
        Assert.StartsWith("blazeface ", detector.Name);
        Assert.Equal(0.9f, face.Score, 1e-5f);
        RequireBox(new FaceBox(64, 10, 104, 70), face.Box);
        RequirePoints(face, [new(72, 37), new(92, 37), new(82, 46), new(83, 54)]);
    }

    [Fact]
    public void A_landmark_model_makes_five_points_of_68_in_a_square_as_high_as_the_box()
    {
        float[] points = new float[136];
        foreach ((int[] indices, float x, float y) in new[]
        {
            ([37, 38, 40, 41], 0.25f, 0.25f), ([43, 44, 46, 47], 0.75f, 0.25f), ([30], 0.5f, 0.5f), ([48, 60], 0.25f, 0.75f), (new[] { 54, 64 }, 0.75f, 0.75f),
        })
        {
            // Spread around their mean, so that each one counts.
            for (int i = 0; i < indices.Length; i++)
            {
                float spread = (i - ((indices.Length - 1) / 2f)) / 16;
                (points[2 * indices[i]], points[(2 * indices[i]) + 1]) = (x + spread, y - spread);
            }
        }

        using ILandmarkModel model = FaceDetectors.OpenLandmarks(
            new GraphFile(1, 1, 64, 64).Constant("output", [1, 136], points).Write(_folder, "landmarks.onnx"));

        // The middle is (50, 60), the side 40: the square reaches from (30, 40) to (70, 80).
        FaceLandmarks found = model.Locate(Photo(100, 100), new FaceBox(40, 40, 60, 80));
        RequirePoints(found, [new(40, 50), new(60, 50), new(50, 60), new(40, 70), new(60, 70)]);

        // Over the border as well.
        found = model.Locate(Photo(10, 10), new FaceBox(-20, -20, 20, 20));
        RequirePoints(found, [new(-10, -10), new(10, -10), new(0, 0), new(-10, 10), new(10, 10)]);
    }

    private static PixelBuffer Photo(int width, int height) => new(width, height, 1, new byte[width * height]);

    private static float[] Lift(int rows, (int Index, float[] Values)[] set)
    {
        float[] values = [.. Enumerable.Repeat(-10f, rows)];
        foreach ((int index, float[] numbers) in set)
        {
            numbers.CopyTo(values, index);
        }

        return values;
    }

    private static float[] Scores(int rows, int row, bool logits, float face)
    {
        float[] values = new float[rows * 2];
        for (int i = 0; i < rows; i++)
        {
            float probability = i == row ? face : 0.01f;
            (values[2 * i], values[(2 * i) + 1]) = logits
                ? (1, 1 + MathF.Log(probability / (1 - probability)))
                : (1 - probability, probability);
        }

        return values;
    }

    private static IEnumerable<(float X, float Y, float Side)> Priors((int Stride, float[] Sides)[] levels) =>
        from level in levels
        from y in Enumerable.Range(0, 64 / level.Stride)
        from x in Enumerable.Range(0, 64 / level.Stride)
        from side in level.Sides
        select ((x + 0.5f) * level.Stride, (y + 0.5f) * level.Stride, side);

    private static void RequireBox(FaceBox expected, FaceBox actual)
    {
        Assert.Equal(expected.Left, actual.Left, 1e-3f);
        Assert.Equal(expected.Top, actual.Top, 1e-3f);
        Assert.Equal(expected.Right, actual.Right, 1e-3f);
        Assert.Equal(expected.Bottom, actual.Bottom, 1e-3f);
    }

    private static void RequirePoints(DetectedFace face, Vector2[] expected) => RequirePoints(Assert.IsType<FaceLandmarks>(face.Landmarks), expected);

    private static void RequirePoints(FaceLandmarks landmarks, Vector2[] expected)
    {
        Vector2[] actual = landmarks.ToPoints();
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.True(Vector2.Distance(pair.First, pair.Second) < 1e-3f, $"{pair.First} but {pair.Second}"));
    }
}
