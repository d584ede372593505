namespace Semblance.Evaluation.Protocols;

/// <summary>
/// The grid of the evaluation code published with ArcFace (Deng et al. 2019): thresholds 0, 0.01, …, 3.99 on the squared Euclidean distance
/// 2 − 2 · cosine; accepted where the distance is below; of equally accurate ones the first. For figures comparable with theirs.
/// Scores must be cosines, and thresholds are squared distances.
/// </summary>
public sealed class DistanceGridRule : IThresholdRule
{
    private const int Steps = 400;
    private const double Step = 0.01;

    /// <inheritdoc/>
    public double Choose(ReadOnlySpan<double> scores, ReadOnlySpan<bool> same)
    {
        double best = 0;
        int bestCorrect = -1;
        for (int i = 0; i < Steps; i++)
        {
            double threshold = i * Step;
            int correct = 0;
            for (int k = 0; k < scores.Length; k++)
            {
                correct += Accept(scores[k], threshold) == same[k] ? 1 : 0;
            }

            if (correct > bestCorrect)
            {
                (best, bestCorrect) = (threshold, correct);
            }
        }

        return best;
    }

    /// <inheritdoc/>
    public bool Accept(double score, double threshold) => 2 - (2 * score) < threshold;
}
