using System.Buffers;
using System.Numerics;
using Semblance.Imaging;
using Semblance.Recognition.Detection.Decoding;
using Semblance.Recognition.Detection.Families;
using Semblance.Recognition.Detection.Frames;
using Semblance.Recognition.Detection.Graphs;

namespace Semblance.Recognition.Detection;

/// <summary>A detector of any family: looks at the photo, at tiles where faces would be too small, and merges what it found.</summary>
internal sealed class OnnxFaceDetector : IFaceDetector
{
    /// <summary>Of two boxes from different looks, one that lies within the other to more than this is the same face.</summary>
    private const float SameFace = 0.7f;

    /// <summary>A box this near (in shares of the tile's side) to a border within the photo is cut off; another look sees it whole.</summary>
    private const float CutMargin = 0.01f;

    private readonly ModelGraph _graph;
    private readonly DetectorRecipe _recipe;
    private readonly DetectionOptions _options;
    private readonly FrameFormat _steppedBack;
    private readonly float _minScore;
    private readonly float _overlap;

    public OnnxFaceDetector(ModelGraph graph, string family, DetectorRecipe recipe, DetectionOptions options)
    {
        (_graph, _recipe, _options) = (graph, recipe, options);
        _minScore = (float)(options.MinScore ?? recipe.MinScore);
        _overlap = (float)(options.SuppressionOverlap ?? recipe.Overlap);

        // Around a photo that fills half of the frame, the mean: black would be an edge around the face.
        _steppedBack = recipe.Format with { Padding = null };
        Name = $"{family} {Path.GetFileName(graph.Path)}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<DetectedFace> Detect(PixelBuffer photo)
    {
        ArgumentNullException.ThrowIfNull(photo);
        (int width, int height) = FrameSize(photo);
        var whole = Letterbox.Fit(photo.Width, photo.Height, width, height, _recipe.Centred, _recipe.MaxScale);
        List<Letterbox> tiles = LookPlan.Tiles(photo.Width, photo.Height, whole, _recipe.ReliableHeight, _options);

        // A large photo is shrunk once, as far as its closest look allows; all looks are taken at the copy.
        float closest = tiles.Count == 0 ? whole.Scale : tiles[^1].Scale;
        int factor = (int)Math.Clamp(1 / closest, 1, BoxReduction.MaxFactor);
        PixelBuffer reduced = BoxReduction.Shrink(photo, factor);

        var found = new List<Candidate>();
        int length = _graph.Channels * width * height;
        float[] frame = ArrayPool<float>.Shared.Rent(length);
        try
        {
            Look(_recipe.Format, whole);
            foreach (Letterbox tile in tiles)
            {
                Look(_recipe.Format, tile);
            }

            // A face that fills the photo to its borders is too close for a detector: see it from further away.
            if (found.Count == 0 && _options.Search != FaceSearch.OneLook)
            {
                Look(_steppedBack, Letterbox.Fit(photo.Width, photo.Height, width, height, centred: true, whole.Scale / 2));
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(frame);
        }

        List<Candidate> faces = tiles.Count == 0 ? found : NonMaximumSuppression.Greedy(found, _overlap, SameFace);
        return [.. faces.Where(f => f.Box.Height >= _options.MinHeight).Take(_options.MaxFaces)
            .Select(f => new DetectedFace(f.Box, f.Score, f.Points.ToLandmarks()))];

        void Look(FrameFormat format, Letterbox view)
        {
            FrameWriter.Write(reduced, view.OfReduced(factor), format, frame.AsSpan(0, length));
            Read(frame.AsSpan(0, length), view, photo, found);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _graph.Dispose();

    private void Read(ReadOnlySpan<float> frame, Letterbox view, PixelBuffer photo, List<Candidate> found)
    {
        var candidates = new List<Candidate>();
        using (GraphOutputs outputs = _graph.Run(frame, view.Width, view.Height))
        {
            _recipe.Decoder.Decode(outputs, view.Width, view.Height, _minScore, candidates);
        }

        List<Candidate> faces = _recipe.Blends
            ? NonMaximumSuppression.Blend(candidates, _overlap)
            : NonMaximumSuppression.Greedy(candidates, _overlap);
        Vector2 end = view.ToFrame(new Vector2(photo.Width, photo.Height));
        foreach (Candidate face in faces)
        {
            if (!IsCut(face.Box, view, end))
            {
                found.Add(new Candidate(view.ToPhoto(face.Box), face.Score, face.Points.Map(view.ToPhoto)));
            }
        }
    }

    private static bool IsCut(FaceBox box, Letterbox view, Vector2 end)
    {
        float marginX = view.Width * CutMargin, marginY = view.Height * CutMargin;
        return (view.OffsetX < -marginX && box.Left < marginX) || (view.OffsetY < -marginY && box.Top < marginY)
            || (end.X > view.Width + marginX && box.Right > view.Width - marginX)
            || (end.Y > view.Height + marginY && box.Bottom > view.Height - marginY);
    }

    /// <summary>The frame: the model's own size, or the photo's at most <see cref="DetectionOptions.InputSize"/> long, rounded up.</summary>
    private (int Width, int Height) FrameSize(PixelBuffer photo)
    {
        float scale = Math.Min(_recipe.MaxScale, (float)_options.InputSize / Math.Max(photo.Width, photo.Height));
        return (_graph.Width > 0 ? _graph.Width : Round(photo.Width * scale), _graph.Height > 0 ? _graph.Height : Round(photo.Height * scale));

        int Round(float length) => Math.Max(1, (int)Math.Ceiling((length - 0.01f) / _recipe.Multiple)) * _recipe.Multiple;
    }
}
