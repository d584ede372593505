using System.Numerics;
using Semblance.Recognition.Detection.Decoding;
using Semblance.Recognition.Detection.Frames;
using Semblance.Recognition.Detection.Graphs;

namespace Semblance.Recognition.Detection.Families;

/// <summary>Ultra-Light-Fast-Generic-Face-Detector (RFB-320, slim-320, RFB-640): scores and boxes over all priors, no points.</summary>
internal sealed class UltraLightFamily : IDetectorFamily
{
    /// <inheritdoc/>
    public string Name => DetectorFamily.UltraLight;

    /// <inheritdoc/>
    public string Layout => "scores (N×2) and boxes (N×4) over all priors, 4420 at 320×240";

    /// <inheritdoc/>
    public DetectorRecipe? Recognise(ModelGraph graph, GraphProbe probe)
    {
        PriorBoxes priors = PriorBoxes.UltraLight();
        int count = priors.Count(probe.Width, probe.Height);
        ProbedOutput[] scores = probe.Tables(2), boxes = probe.Tables(4);
        bool complete = graph is { Channels: 3, ChannelsLast: false } && probe.Outputs.Count == 2
            && scores.Length == 1 && boxes.Length == 1 && scores[0].Rows == count && boxes[0].Rows == count;
        return !complete ? null : new DetectorRecipe
        {
            Format = new FrameFormat { Mean = new Vector3(127), Factor = 1 / 128f, Padding = null },
            Decoder = new PriorDecoder(priors, new PriorDecoder.Layout
            {
                Boxes = boxes[0].Index,
                Scores = scores[0].Index,
                ScoresAreLogits = EncodingProbe.AreLogits(scores[0]),
                Encoding = EncodingProbe.OfBoxes(boxes[0].Values, priors.For(probe.Width, probe.Height), probe.Width, probe.Height),
            }),
            MinScore = 0.65f,
            Overlap = 0.4f,
            ReliableHeight = 20,
        };
    }
}
