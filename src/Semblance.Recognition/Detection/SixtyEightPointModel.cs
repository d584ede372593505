using System.Numerics;
using Semblance.Imaging;
using Semblance.Recognition.Detection.Frames;
using Semblance.Recognition.Detection.Graphs;

namespace Semblance.Recognition.Detection;

/// <summary>
/// A model of the 68 points of iBUG in a small grey square: the crop's middle is the box's, its side the box's height, its values bytes / 256;
/// points come as x y in shares of the crop. The five points of alignment are an eye's four points on the lids, the nose's tip, and the means of
/// the outer and inner corners of the mouth.
/// </summary>
internal sealed class SixtyEightPointModel : ILandmarkModel
{
    private const int Numbers = 136;

    private static readonly FrameFormat Format = new() { Channels = 1, Factor = 1 / 256f, Replicate = true };

    private readonly ModelGraph _graph;

    private SixtyEightPointModel(ModelGraph graph) => _graph = graph;

    /// <inheritdoc/>
    public string Name => $"{DetectorFamily.Landmarks68} {Path.GetFileName(_graph.Path)}";

    public static SixtyEightPointModel Open(string path)
    {
        ModelGraph graph = ModelGraph.Open(path);
        try
        {
            bool square = graph.Channels == 1 && graph.Width > 0 && graph.Width == graph.Height;
            GraphProbe? probe = square ? GraphProbe.Of(graph, graph.Width) : null;
            return probe?.Outputs is [{ Values.Length: Numbers }]
                ? new SixtyEightPointModel(graph)
                : throw new SemblanceException(
                    $"{path}: is no model of 68 points: expected a grey square (1×1×side×side) as the input and 136 numbers as the output.");
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public FaceLandmarks Locate(PixelBuffer photo, FaceBox box)
    {
        ArgumentNullException.ThrowIfNull(photo);
        if (!(float.IsFinite(box.Left) && float.IsFinite(box.Top) && float.IsFinite(box.Width) && box.Height > 0 && float.IsFinite(box.Height)))
        {
            throw new ArgumentException($"The box {box} has no height.", nameof(box));
        }

        int side = _graph.Width;
        float left = ((box.Left + box.Right) / 2) - (box.Height / 2);
        var view = Letterbox.At(left, box.Top, side / box.Height, side, side);
        Span<float> frame = side <= 64 ? stackalloc float[side * side] : new float[side * side];
        FrameWriter.Write(photo, view, Format, frame);
        using GraphOutputs outputs = _graph.Run(frame, side, side);
        ReadOnlySpan<float> points = outputs.Values(0, Numbers);
        return new FaceLandmarks(
            Mean(points, view, [37, 38, 40, 41]),
            Mean(points, view, [43, 44, 46, 47]),
            Mean(points, view, [30]),
            Mean(points, view, [48, 60]),
            Mean(points, view, [54, 64]));
    }

    /// <inheritdoc/>
    public void Dispose() => _graph.Dispose();

    private static Vector2 Mean(ReadOnlySpan<float> points, Letterbox view, ReadOnlySpan<int> indices)
    {
        Vector2 sum = Vector2.Zero;
        foreach (int i in indices)
        {
            sum += new Vector2(points[2 * i], points[(2 * i) + 1]);
        }

        return view.ToPhoto(sum / indices.Length * view.Width);
    }
}
