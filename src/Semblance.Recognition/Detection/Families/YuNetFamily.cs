using System.Numerics;
using Semblance.Imaging;
using Semblance.Recognition.Detection.Decoding;
using Semblance.Recognition.Detection.Frames;
using Semblance.Recognition.Detection.Graphs;

namespace Semblance.Recognition.Detection.Families;

/// <summary>YuNet in both layouts of the OpenCV zoo.</summary>
internal sealed class YuNetFamily : IDetectorFamily
{
    /// <inheritdoc/>
    public string Name => DetectorFamily.YuNet;

    /// <inheritdoc/>
    public string Layout => "per stride 8, 16, 32 two scores (N×1), boxes (N×4) and points (N×10); or N×14, N×2 and N×1 over all priors";

    /// <inheritdoc/>
    public DetectorRecipe? Recognise(ModelGraph graph, GraphProbe probe)
    {
        IFaceDecoder? decoder = graph is { Channels: 3, ChannelsLast: false } ? Of2023(probe) ?? Of2022(probe) : null;
        return decoder is null ? null : new DetectorRecipe
        {
            Format = new FrameFormat { Order = ColorOrder.Bgr, Mean = Vector3.Zero, Factor = 1, Padding = 0 },
            Decoder = decoder,
            MinScore = 0.9f,
            Overlap = 0.3f,
            MaxScale = 1,
            ReliableHeight = 16,
        };
    }

    private static IFaceDecoder? Of2023(GraphProbe probe)
    {
        ProbedOutput[] scores = probe.Tables(1), boxes = probe.Tables(4), points = probe.Tables(10);
        if (scores.Length != 2 * boxes.Length || points.Length != boxes.Length || 4 * boxes.Length != probe.Outputs.Count
            || GridLevel.Match([.. boxes.Select(b => b.Rows)], probe.Width, probe.Height) is not (var grids, 1))
        {
            return null;
        }

        var levels = new YuNetDecoder.Level[grids.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            int rows = boxes[i].Rows;
            if (points[i].Rows != rows || scores[2 * i].Rows != rows || scores[(2 * i) + 1].Rows != rows)
            {
                return null;
            }

            levels[i] = new YuNetDecoder.Level(grids[i], scores[2 * i].Index, scores[(2 * i) + 1].Index, boxes[i].Index, points[i].Index);
        }

        return new YuNetDecoder(levels);
    }

    private static IFaceDecoder? Of2022(GraphProbe probe)
    {
        ProbedOutput[] places = probe.Tables(14), scores = probe.Tables(2), overlaps = probe.Tables(1);
        PriorBoxes priors = PriorBoxes.UltraLight();
        int count = priors.Count(probe.Width, probe.Height);
        bool complete = probe.Outputs.Count == 3 && places is [var place] && scores is [var score] && overlaps is [var overlap]
            && place.Rows == count && score.Rows == count && overlap.Rows == count;
        return !complete ? null : new PriorDecoder(priors, new PriorDecoder.Layout
        {
            Boxes = places[0].Index,
            BoxColumns = 14,
            Points = places[0].Index,
            PointColumns = 14,
            FirstPointColumn = 4,
            Scores = scores[0].Index,
            Quality = overlaps[0].Index,

            // The width's logarithm is multiplied by the centre's variance in the published decoder.
            WidthVariance = 0.1f,
            HeightVariance = 0.2f,
        });
    }
}
