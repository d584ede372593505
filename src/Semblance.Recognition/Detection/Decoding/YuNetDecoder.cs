using System.Numerics;
using Semblance.Imaging;
using Semblance.Recognition.Detection.Graphs;

namespace Semblance.Recognition.Detection.Decoding;

/// <summary>
/// YuNet as of 2023 (Wu et al.): per cell a class and an object score, whose geometric mean is the confidence; the box's centre as an offset
/// from the cell and the logarithms of its sides, all in strides; five points as offsets in strides.
/// </summary>
internal sealed class YuNetDecoder(IReadOnlyList<YuNetDecoder.Level> levels) : IFaceDecoder
{
    /// <inheritdoc/>
    public void Decode(GraphOutputs outputs, int width, int height, float minScore, List<Candidate> into)
    {
        foreach (Level level in levels)
        {
            int columns = level.Grid.Columns(width);
            int count = level.Grid.Cells(width, height);
            ReadOnlySpan<float> classes = outputs.Values(level.FirstScores, count);
            ReadOnlySpan<float> objects = outputs.Values(level.SecondScores, count);
            ReadOnlySpan<float> boxes = outputs.Values(level.Boxes, count * 4);
            ReadOnlySpan<float> points = outputs.Values(level.Points, count * 10);
            float stride = level.Grid.Stride;
            float least = minScore * minScore;
            for (int i = 0; i < count; i++)
            {
                float product = Math.Clamp(classes[i], 0, 1) * Math.Clamp(objects[i], 0, 1);
                if (!(product >= least))
                {
                    continue;
                }

                var cell = new Vector2(i % columns, i / columns) * stride;
                ReadOnlySpan<float> b = boxes.Slice(i * 4, 4);
                Vector2 centre = cell + (new Vector2(b[0], b[1]) * stride);
                Vector2 half = new Vector2(MathF.Exp(b[2]), MathF.Exp(b[3])) * stride / 2;
                into.Add(new Candidate(
                    new FaceBox(centre.X - half.X, centre.Y - half.Y, centre.X + half.X, centre.Y + half.Y),
                    MathF.Sqrt(product),
                    FacePoints.Five(points.Slice(i * 10, 10), cell, new Vector2(stride))));
            }
        }
    }

    /// <summary>The outputs of one stride. Which of the two scores is which does not matter: they are multiplied.</summary>
    /// <param name="Grid">The grid.</param>
    /// <param name="FirstScores">Index of one score.</param>
    /// <param name="SecondScores">Index of the other.</param>
    /// <param name="Boxes">Index of the boxes.</param>
    /// <param name="Points">Index of the points.</param>
    internal sealed record Level(GridLevel Grid, int FirstScores, int SecondScores, int Boxes, int Points);
}
