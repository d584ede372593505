namespace Semblance.Evaluation.Protocols;

/// <summary>
/// The rule of FaceX-Zoo (Wang et al. 2021): 1,000 thresholds evenly spaced from the lowest training score (left out) to the highest; the
/// first that maximises TPR − FPR (Youden's index, not accuracy); accepted where score &gt; threshold. For figures comparable with theirs.
/// </summary>
public sealed class YoudenGridRule : IThresholdRule
{
    private const int Steps = 1000;

    /// <inheritdoc/>
    public double Choose(ReadOnlySpan<double> scores, ReadOnlySpan<bool> same)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        int genuine = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            low = Math.Min(low, scores[i]);
            high = Math.Max(high, scores[i]);
            genuine += same[i] ? 1 : 0;
        }

        double best = high;
        double bestIndex = double.NegativeInfinity;
        for (int k = 1; k <= Steps; k++)
        {
            double threshold = low + (k * (high - low) / Steps);
            int truePositives = 0;
            int falsePositives = 0;
            for (int i = 0; i < scores.Length; i++)
            {
                if (scores[i] > threshold)
                {
                    truePositives += same[i] ? 1 : 0;
                    falsePositives += same[i] ? 0 : 1;
                }
            }

            double index = ((double)truePositives / Math.Max(1, genuine)) - ((double)falsePositives / Math.Max(1, scores.Length - genuine));
            if (index > bestIndex)
            {
                (best, bestIndex) = (threshold, index);
            }
        }

        return best;
    }

    /// <inheritdoc/>
    public bool Accept(double score, double threshold) => score > threshold;
}
