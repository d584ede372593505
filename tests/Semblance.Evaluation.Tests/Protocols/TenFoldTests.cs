using CsCheck;
using Semblance.Evaluation.Protocols;
using Semblance.Evaluation.Tests.Verification;

namespace Semblance.Evaluation.Tests.Protocols;

public class TenFoldTests
{
    [Fact]
    public void Each_fold_is_decided_by_the_threshold_of_the_other()
    {
        // The best threshold of fold 9 is 0.6 and of fold 10 is 0.3; each is tried on the other fold.
        double[] scores = [0.6, 0.5, 0.7, 0.2, 0.3, 0.1, 0.4, 0.2];
        bool[] same = [true, false, true, false, true, false, true, false];
        int[] folds = [9, 9, 9, 9, 10, 10, 10, 10];
        CrossValidation result = TenFold.Evaluate(scores, same, folds);
        Assert.Equal([new FoldResult(9, 0.75, 0.3, 4), new FoldResult(10, 0.5, 0.6, 4)], result.Folds);
        Assert.Equal(0.625, result.Mean);
        Assert.Equal(0.125, result.StandardError!.Value, 1e-12);
        Assert.False(result.Optimistic);
    }

    [Fact]
    public void A_single_fold_is_marked_optimistic_and_has_no_standard_error()
    {
        CrossValidation result = TenFold.Evaluate([0.9, 0.1, 0.5], [true, false, true], [1, 1, 1]);
        Assert.Equal((1.0, null, true), (result.Mean, result.StandardError, result.Optimistic));
        Assert.Equal(0.5, Assert.Single(result.Folds).Threshold);
    }

    [Fact]
    public void A_folds_own_labels_never_choose_its_threshold() => Gen.Select(ScoreSets.Any, Gen.Int[2, 5]).Sample((set, count) =>
    {
        int[] folds = [.. Enumerable.Range(0, set.Scores.Length).Select(i => (i % count) + 1)];
        bool[] changed = [.. set.Same.Select((s, i) => folds[i] == 1 ? !s : s)];
        double before = TenFold.Evaluate(set.Scores, set.Same, folds).Folds[0].Threshold;
        double after = TenFold.Evaluate(set.Scores, changed, folds).Folds[0].Threshold;
        Assert.True(folds.All(f => f == 1) || before == after);
    });

    [Fact]
    public void Nan_is_refused_under_every_rule()
    {
        foreach (IThresholdRule rule in new IThresholdRule[] { new BestScoreRule(), new DistanceGridRule(), new YoudenGridRule() })
        {
            var e = Assert.Throws<SemblanceException>(() => TenFold.Evaluate([double.NaN, 0.1], [true, false], [1, 2], rule));
            Assert.Contains("1 of 2 scores are NaN", e.Message, StringComparison.Ordinal);
        }
    }
}
