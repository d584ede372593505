using System.Numerics;
using Semblance.Imaging;
using Semblance.Recognition.Detection.Graphs;

namespace Semblance.Recognition.Detection.Decoding;

/// <summary>
/// SCRFD (Guo et al. 2021): per anchor at (column, row)·stride a score, the distances to the box's left, top, right and bottom in strides, and
/// the offsets of five points in strides.
/// </summary>
internal sealed class ScrfdDecoder(IReadOnlyList<ScrfdDecoder.Level> levels, int anchors) : IFaceDecoder
{
    /// <inheritdoc/>
    public void Decode(GraphOutputs outputs, int width, int height, float minScore, List<Candidate> into)
    {
        foreach (Level level in levels)
        {
            int columns = level.Grid.Columns(width);
            int count = level.Grid.Cells(width, height) * anchors;
            ReadOnlySpan<float> scores = outputs.Values(level.Scores, count);
            ReadOnlySpan<float> boxes = outputs.Values(level.Boxes, count * 4);
            ReadOnlySpan<float> points = level.Points is { } index ? outputs.Values(index, count * 10) : [];
            float stride = level.Grid.Stride;
            for (int i = 0; i < count; i++)
            {
                if (!(scores[i] >= minScore))
                {
                    continue;
                }

                int cell = i / anchors;
                var anchor = new Vector2(cell % columns, cell / columns) * stride;
                ReadOnlySpan<float> d = boxes.Slice(i * 4, 4);
                into.Add(new Candidate(
                    new FaceBox(anchor.X - (d[0] * stride), anchor.Y - (d[1] * stride), anchor.X + (d[2] * stride), anchor.Y + (d[3] * stride)),
                    scores[i],
                    points.IsEmpty ? default : FacePoints.Five(points.Slice(i * 10, 10), anchor, new Vector2(stride))));
            }
        }
    }

    /// <summary>The outputs of one stride.</summary>
    /// <param name="Grid">The grid.</param>
    /// <param name="Scores">Index of the scores.</param>
    /// <param name="Boxes">Index of the distances.</param>
    /// <param name="Points">Index of the points; null where the model has none.</param>
    internal sealed record Level(GridLevel Grid, int Scores, int Boxes, int? Points);
}
