using System.Numerics;
using Semblance.Imaging;
using Semblance.Recognition.Detection.Graphs;

namespace Semblance.Recognition.Detection.Decoding;

/// <summary>
/// BlazeFace (Bazarevsky et al. 2019): per anchor in a cell's middle a logit, the box's centre as an offset and its sides, and six points as
/// offsets, in pixels of the frame: eyes, nose, mouth's centre, ears (which alignment does not use).
/// </summary>
internal sealed class BlazeFaceDecoder(IReadOnlyList<BlazeFaceDecoder.Part> parts) : IFaceDecoder
{
    /// <summary>The length of a row: box and six points.</summary>
    public const int Columns = 16;

    /// <inheritdoc/>
    public void Decode(GraphOutputs outputs, int width, int height, float minScore, List<Candidate> into)
    {
        // Compare logits: one logarithm instead of an exponential per anchor.
        float least = MathF.Log(minScore / (1 - minScore));
        foreach (Part part in parts)
        {
            int total = part.Grids.Sum(g => g.Grid.Cells(width, height) * g.Anchors);
            ReadOnlySpan<float> scores = outputs.Values(part.Scores, total);
            ReadOnlySpan<float> rows = outputs.Values(part.Boxes, total * Columns);
            int first = 0;
            foreach ((GridLevel grid, int anchors) in part.Grids)
            {
                int columns = grid.Columns(width);
                int count = grid.Cells(width, height) * anchors;
                for (int i = 0; i < count; i++)
                {
                    float logit = scores[first + i];
                    if (logit >= least)
                    {
                        int cell = i / anchors;
                        var anchor = new Vector2((cell % columns) + 0.5f, (cell / columns) + 0.5f) * grid.Stride;
                        into.Add(Read(rows.Slice((first + i) * Columns, Columns), anchor, logit));
                    }
                }

                first += count;
            }
        }
    }

    private static Candidate Read(ReadOnlySpan<float> row, Vector2 anchor, float logit)
    {
        Vector2 centre = anchor + new Vector2(row[0], row[1]), half = new Vector2(row[2], row[3]) / 2;
        Vector2 mouth = anchor + new Vector2(row[10], row[11]);
        return new Candidate(
            new FaceBox(centre.X - half.X, centre.Y - half.Y, centre.X + half.X, centre.Y + half.Y),
            1 / (1 + MathF.Exp(-logit)),
            new FacePoints(
                4, anchor + new Vector2(row[4], row[5]), anchor + new Vector2(row[6], row[7]), anchor + new Vector2(row[8], row[9]), mouth, mouth));
    }

    /// <summary>A pair of outputs and the grids whose anchors it holds, one after the other.</summary>
    /// <param name="Scores">Index of the logits.</param>
    /// <param name="Boxes">Index of the rows of 16.</param>
    /// <param name="Grids">The grids, and the anchors per cell.</param>
    internal sealed record Part(int Scores, int Boxes, (GridLevel Grid, int Anchors)[] Grids);
}
