using System.Numerics;
using Semblance.Recognition.Detection.Decoding;
using Semblance.Recognition.Detection.Frames;
using Semblance.Recognition.Detection.Graphs;

namespace Semblance.Recognition.Detection.Families;

/// <summary>SCRFD: tables of 1, 4 and perhaps 10 columns, one of each per stride, with or without a batch dimension, in any order.</summary>
internal sealed class ScrfdFamily : IDetectorFamily
{
    /// <inheritdoc/>
    public string Name => DetectorFamily.Scrfd;

    /// <inheritdoc/>
    public string Layout => "per stride 8, 16, 32 (64, 128) a table of scores (N×1), boxes (N×4) and perhaps points (N×10)";

    /// <inheritdoc/>
    public DetectorRecipe? Recognise(ModelGraph graph, GraphProbe probe)
    {
        ProbedOutput[] scores = probe.Tables(1), boxes = probe.Tables(4), points = probe.Tables(10);
        bool complete = graph is { Channels: 3, ChannelsLast: false } && boxes.Length == scores.Length
            && (points.Length == 0 || points.Length == scores.Length)
            && scores.Length + boxes.Length + points.Length == probe.Outputs.Count;
        if (!complete || GridLevel.Match([.. scores.Select(s => s.Rows)], probe.Width, probe.Height) is not var (grids, anchors))
        {
            return null;
        }

        var levels = new ScrfdDecoder.Level[grids.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            if (boxes[i].Rows != scores[i].Rows || (points.Length > 0 && points[i].Rows != scores[i].Rows))
            {
                return null;
            }

            levels[i] = new ScrfdDecoder.Level(grids[i], scores[i].Index, boxes[i].Index, points.Length > 0 ? points[i].Index : null);
        }

        return new DetectorRecipe
        {
            Format = new FrameFormat { Mean = new Vector3(127.5f), Factor = 1 / 128f, Padding = 0 },
            Decoder = new ScrfdDecoder(levels, anchors),
            MinScore = 0.5f,
            Overlap = 0.4f,
            ReliableHeight = 16,
        };
    }
}
