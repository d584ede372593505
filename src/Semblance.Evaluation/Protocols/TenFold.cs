namespace Semblance.Evaluation.Protocols;

/// <summary>
/// Cross-validated verification accuracy, the LFW protocol (Huang et al. 2007, "View 2"): for each fold the threshold is chosen on all other
/// folds, and the accuracies are averaged. Made for ten folds, exact for any number; exactly the folds given take part, so a model that was
/// trained on the people of folds 1–8 is tested by giving the pairs of folds 9 and 10 alone.
/// </summary>
public static class TenFold
{
    /// <summary>Evaluates. With a single fold nothing is held out: the result is marked <see cref="CrossValidation.Optimistic"/>.</summary>
    /// <param name="scores">Similarities, larger = more alike.</param>
    /// <param name="same">For each score, whether both samples are of one person.</param>
    /// <param name="folds">For each score, the number of its fold; any distinct numbers.</param>
    /// <param name="rule">How thresholds are chosen; <see cref="BestScoreRule"/> where null.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="SemblanceException">There is no score, or some are NaN.</exception>
    public static CrossValidation Evaluate(ReadOnlySpan<double> scores, ReadOnlySpan<bool> same, ReadOnlySpan<int> folds, IThresholdRule? rule = null)
    {
        if (folds.Length != scores.Length)
        {
            throw new ArgumentException($"{scores.Length} scores but {folds.Length} fold numbers.", nameof(folds));
        }

        // Checks the rest of the input for all rules alike.
        Verification.ComparisonScores.Create(scores, same);
        rule ??= new BestScoreRule();
        int[] numbers = [.. folds.ToArray().Distinct().Order()];
        var results = new FoldResult[numbers.Length];
        for (int f = 0; f < numbers.Length; f++)
        {
            var trainScores = new List<double>();
            var trainSame = new List<bool>();
            for (int i = 0; i < scores.Length; i++)
            {
                if (folds[i] != numbers[f] || numbers.Length == 1)
                {
                    trainScores.Add(scores[i]);
                    trainSame.Add(same[i]);
                }
            }

            double threshold = rule.Choose([.. trainScores], [.. trainSame]);
            int correct = 0;
            int count = 0;
            for (int i = 0; i < scores.Length; i++)
            {
                if (folds[i] == numbers[f])
                {
                    count++;
                    correct += rule.Accept(scores[i], threshold) == same[i] ? 1 : 0;
                }
            }

            results[f] = new FoldResult(numbers[f], (double)correct / count, threshold, count);
        }

        double mean = results.Average(r => r.Accuracy);
        if (results.Length == 1)
        {
            return new CrossValidation(results, mean, null, Optimistic: true);
        }

        double variance = results.Sum(r => (r.Accuracy - mean) * (r.Accuracy - mean)) / (results.Length - 1);
        return new CrossValidation(results, mean, Math.Sqrt(variance / results.Length), Optimistic: false);
    }
}
