using System.Numerics;
using Semblance.Imaging;
using Semblance.Recognition.Detection.Decoding;
using Semblance.Recognition.Detection.Frames;
using Semblance.Recognition.Detection.Graphs;

namespace Semblance.Recognition.Detection.Families;

/// <summary>RetinaFace (Deng et al. 2019): InsightFace's maps, and the tables of the PyTorch exports.</summary>
internal sealed class RetinaFaceFamily : IDetectorFamily
{
    private static readonly int[] Strides = [8, 16, 32];

    /// <inheritdoc/>
    public string Name => DetectorFamily.RetinaFace;

    /// <inheritdoc/>
    public string Layout => "per stride 8, 16, 32 maps of 4, 8 and 20 channels; or N×4, N×2 and N×10 over all priors";

    /// <inheritdoc/>
    public DetectorRecipe? Recognise(ModelGraph graph, GraphProbe probe) =>
        graph is { Channels: 3, ChannelsLast: false } ? OfMaps(probe) ?? OfPriors(probe) : null;

    private static DetectorRecipe? OfMaps(GraphProbe probe)
    {
        var levels = new List<AnchorMapDecoder.Level>();
        foreach (int stride in probe.Outputs.Count == 9 ? Strides : [])
        {
            var grid = new GridLevel(stride);
            if (Map(4) is not { } scores || Map(8) is not { } boxes || Map(20) is not { } points)
            {
                return null;
            }

            levels.Add(new AnchorMapDecoder.Level(grid, scores.Index, boxes.Index, points.Index));

            ProbedOutput? Map(int channels) => probe.Outputs.SingleOrDefault(
                o => o.Shape.SequenceEqual([1, channels, grid.Rows(probe.Height), grid.Columns(probe.Width)]));
        }

        return levels.Count == 0 ? null : new DetectorRecipe
        {
            Format = new FrameFormat { Padding = 0 },
            Decoder = new AnchorMapDecoder(levels, EncodingProbe.PointUnit([.. levels.Select(level => probe.Outputs.Single(o => o.Index == level.Points))])),
            MinScore = 0.8f,
            Overlap = 0.4f,
            ReliableHeight = 16,
        };
    }

    private static DetectorRecipe? OfPriors(GraphProbe probe)
    {
        PriorBoxes priors = PriorBoxes.RetinaFace();
        int count = priors.Count(probe.Width, probe.Height);
        ProbedOutput[] scores = [.. probe.Tables(2), .. probe.Tables(1)];
        bool complete = probe.Outputs.Count == 3 && probe.Tables(4) is [var boxes] && probe.Tables(10) is [var points] && scores is [var score]
            && boxes.Rows == count && points.Rows == count && score.Rows == count;
        if (!complete)
        {
            return null;
        }

        ProbedOutput places = probe.Tables(4)[0];
        return new DetectorRecipe
        {
            Format = new FrameFormat { Order = ColorOrder.Bgr, Mean = new Vector3(123, 117, 104), Padding = null },
            Decoder = new PriorDecoder(priors, new PriorDecoder.Layout
            {
                Boxes = places.Index,
                Scores = scores[0].Index,
                ScoreColumns = scores[0].Columns,
                ScoresAreLogits = EncodingProbe.AreLogits(scores[0]),
                Points = probe.Tables(10)[0].Index,
                Encoding = EncodingProbe.OfBoxes(places.Values, priors.For(probe.Width, probe.Height), probe.Width, probe.Height),
            }),
            MinScore = 0.6f,
            Overlap = 0.4f,
            ReliableHeight = 16,
        };
    }
}
