using System.Numerics;
using Semblance.Imaging;
using Semblance.Recognition.Detection.Graphs;

namespace Semblance.Recognition.Detection.Decoding;

/// <summary>
/// RetinaFace as InsightFace publishes it (R50, mnet.25): maps of channels × rows × columns. Two square anchors per cell with their centre at
/// 7.5 + stride·cell and sides of 16 times (32, 16), (8, 4) and (2, 1) at strides 32, 16 and 8; boxes as offsets of the centre and logarithms
/// of the sides, points as offsets, all in sides of the anchor (points of some files in fifths of them). Coordinates count whole pixels: a box
/// from 3 to 5 is 3 wide.
/// </summary>
/// <param name="levels">The maps, stride by stride.</param>
/// <param name="pointUnit">What a point's numbers count in, in sides of the anchor.</param>
internal sealed class AnchorMapDecoder(IReadOnlyList<AnchorMapDecoder.Level> levels, float pointUnit) : IFaceDecoder
{
    private const float BaseSide = 16, FirstCentre = (BaseSide - 1) / 2;
    private const int Anchors = 2;

    /// <inheritdoc/>
    public void Decode(GraphOutputs outputs, int width, int height, float minScore, List<Candidate> into)
    {
        Span<float> ten = stackalloc float[10];
        foreach (Level level in levels)
        {
            int columns = level.Grid.Columns(width);
            int cells = level.Grid.Cells(width, height);

            // Background of all anchors first, then faces.
            ReadOnlySpan<float> scores = outputs.Values(level.Scores, cells * Anchors * 2)[(cells * Anchors)..];
            ReadOnlySpan<float> boxes = outputs.Values(level.Boxes, cells * Anchors * 4);
            ReadOnlySpan<float> points = outputs.Values(level.Points, cells * Anchors * 10);
            float stride = level.Grid.Stride;
            for (int anchor = 0; anchor < Anchors; anchor++)
            {
                float side = BaseSide * (stride == 32 ? 32 : stride == 16 ? 8 : 2) / (1 << anchor);
                for (int cell = 0; cell < cells; cell++)
                {
                    float score = scores[(anchor * cells) + cell];
                    if (!(score >= minScore))
                    {
                        continue;
                    }

                    Vector2 centre = (new Vector2(cell % columns, cell / columns) * stride) + new Vector2(FirstCentre);
                    ReadOnlySpan<float> b = boxes[((anchor * 4 * cells) + cell)..];
                    Vector2 middle = centre + (new Vector2(b[0], b[cells]) * side);
                    Vector2 size = new Vector2(MathF.Exp(b[2 * cells]), MathF.Exp(b[3 * cells])) * side;
                    Vector2 from = middle - ((size - Vector2.One) / 2), to = middle + ((size + Vector2.One) / 2);
                    for (int k = 0; k < ten.Length; k++)
                    {
                        ten[k] = points[(((anchor * 10) + k) * cells) + cell];
                    }

                    into.Add(new Candidate(
                        new FaceBox(from.X, from.Y, to.X, to.Y), score, FacePoints.Five(ten, centre, new Vector2(side * pointUnit))));
                }
            }
        }
    }

    /// <summary>The maps of one stride.</summary>
    /// <param name="Grid">The grid.</param>
    /// <param name="Scores">Index of the map of 4 channels.</param>
    /// <param name="Boxes">Index of the map of 8 channels.</param>
    /// <param name="Points">Index of the map of 20 channels.</param>
    internal sealed record Level(GridLevel Grid, int Scores, int Boxes, int Points);
}
