using System.Numerics;
using Semblance.Recognition.Detection.Decoding;
using Semblance.Recognition.Detection.Frames;
using Semblance.Recognition.Detection.Graphs;

namespace Semblance.Recognition.Detection.Families;

/// <summary>
/// BlazeFace: short range and back camera with 896 anchors (two per cell of a 16×16 grid, six per cell of an 8×8 one; in one pair of outputs or
/// in two), full range with one per cell of a 48×48 grid.
/// </summary>
internal sealed class BlazeFaceFamily : IDetectorFamily
{
    private const int FineCells = 16, CoarseCells = 8, FullRangeCells = 48;

    /// <inheritdoc/>
    public string Name => DetectorFamily.BlazeFace;

    /// <inheritdoc/>
    public string Layout => "logits (N×1) and rows of box and six points (N×16): 896 in all, or 512 and 384, or 2304";

    /// <inheritdoc/>
    public DetectorRecipe? Recognise(ModelGraph graph, GraphProbe probe)
    {
        ProbedOutput[] scores = probe.Tables(1), boxes = probe.Tables(BlazeFaceDecoder.Columns);
        int side = probe.Width;
        bool complete = graph.Channels == 3 && side == probe.Height && side % FineCells == 0 && scores.Length == boxes.Length
            && scores.Length + boxes.Length == probe.Outputs.Count && scores.Zip(boxes, (s, b) => s.Rows == b.Rows).All(same => same);
        if (!complete)
        {
            return null;
        }

        (GridLevel, int) fine = (new GridLevel(side / FineCells), 2), coarse = (new GridLevel(side / CoarseCells), 6);
        int fineRows = FineCells * FineCells * 2, coarseRows = CoarseCells * CoarseCells * 6;
        BlazeFaceDecoder.Part[]? parts = scores.Select(s => s.Rows).ToArray() switch
        {
            [var f, var c] when f == fineRows && c == coarseRows => [Part(0, [fine]), Part(1, [coarse])],
            [var all] when all == fineRows + coarseRows => [Part(0, [fine, coarse])],
            [FullRangeCells * FullRangeCells] when side % FullRangeCells == 0 => [Part(0, [(new GridLevel(side / FullRangeCells), 1)])],
            _ => null,
        };
        return parts is null ? null : new DetectorRecipe
        {
            Format = new FrameFormat { ChannelsLast = graph.ChannelsLast, Mean = new Vector3(127.5f), Factor = 1 / 127.5f, Padding = 0 },
            Decoder = new BlazeFaceDecoder(parts),

            // MediaPipe takes 0.5 for one look at a camera's picture; over the many tiles of a photo that lets clutter through, 0.65 does not.
            MinScore = 0.65f,
            Overlap = 0.3f,
            Blends = true,
            Centred = true,
            ReliableHeight = 24,
        };

        BlazeFaceDecoder.Part Part(int i, (GridLevel, int)[] grids) => new(scores[i].Index, boxes[i].Index, grids);
    }
}
