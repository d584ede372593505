using CsCheck;
using Semblance.Evaluation.Verification;

namespace Semblance.Evaluation.Tests.Verification;

public class VerificationMetricsTests
{
    [Fact]
    public void Auc_is_the_share_of_won_comparisons_with_ties_counting_half() => ScoreSets.Mixed.Sample(set =>
    {
        double wins = 0;
        int comparisons = 0;
        for (int i = 0; i < set.Scores.Length; i++)
        {
            for (int j = 0; j < set.Scores.Length; j++)
            {
                if (set.Same[i] && !set.Same[j])
                {
                    comparisons++;
                    wins += set.Scores[i] > set.Scores[j] ? 1 : set.Scores[i] == set.Scores[j] ? 0.5 : 0;
                }
            }
        }

        Assert.Equal(wins / comparisons, VerificationMetrics.Auc(Create(set)), 1e-12);
    });

    [Fact]
    public void Roc_has_one_point_per_distinct_score_and_each_counts_what_its_threshold_accepts() => ScoreSets.Mixed.Sample(set =>
    {
        RocPoint[] roc = VerificationMetrics.Roc(Create(set));
        Assert.Equal(set.Scores.Distinct().OrderDescending(), roc.Skip(1).Select(p => p.Threshold));
        foreach (RocPoint point in roc)
        {
            int falseAccepts = Enumerable.Range(0, set.Scores.Length).Count(i => !set.Same[i] && set.Scores[i] >= point.Threshold);
            int trueAccepts = Enumerable.Range(0, set.Scores.Length).Count(i => set.Same[i] && set.Scores[i] >= point.Threshold);
            Assert.Equal((falseAccepts, trueAccepts), (point.FalseAccepts, point.TrueAccepts));
            Assert.Equal((double)falseAccepts / set.Same.Count(s => !s), point.Far);
            Assert.Equal((double)trueAccepts / set.Same.Count(s => s), point.Tar);
        }

        Assert.Equal((0.0, 0.0), (roc[0].Far, roc[0].Tar));
        Assert.Equal((1.0, 1.0), (roc[^1].Far, roc[^1].Tar));
    });

    [Fact]
    public void Eer_lies_on_the_polyline_where_both_rates_are_equal() => ScoreSets.Mixed.Sample(set =>
    {
        ComparisonScores scores = Create(set);
        double eer = VerificationMetrics.Eer(scores).Rate;
        RocPoint[] roc = VerificationMetrics.Roc(scores);
        bool found = false;
        for (int i = 1; i < roc.Length; i++)
        {
            // The point (eer, 1 − eer) lies on the segment when both coordinates are the same blend of its ends.
            (RocPoint a, RocPoint b) = (roc[i - 1], roc[i]);
            double length = (b.Far - a.Far) + (b.Tar - a.Tar);
            double blend = (eer - a.Far + (1 - eer - a.Tar)) / length;
            found |= blend is >= -1e-9 and <= 1 + 1e-9
                && Math.Abs(a.Far + (blend * (b.Far - a.Far)) - eer) < 1e-9
                && Math.Abs(a.Tar + (blend * (b.Tar - a.Tar)) - (1 - eer)) < 1e-9;
        }

        Assert.True(found);
    });

    [Fact]
    public void Eer_threshold_is_the_smallest_score_with_the_nearest_rates() => ScoreSets.Mixed.Sample(set =>
    {
        long genuine = set.Same.Count(s => s);
        long impostor = set.Same.Length - genuine;
        double expected = set.Scores.Distinct().Order().MinBy(t =>
        {
            long falseAccepts = Enumerable.Range(0, set.Scores.Length).Count(i => !set.Same[i] && set.Scores[i] >= t);
            long falseRejects = Enumerable.Range(0, set.Scores.Length).Count(i => set.Same[i] && set.Scores[i] < t);
            return Math.Abs((falseAccepts * genuine) - (falseRejects * impostor));
        });
        Assert.Equal(expected, VerificationMetrics.Eer(Create(set)).Threshold);
    });

    [Fact]
    public void Tar_at_far_is_the_best_of_all_thresholds_within_the_target() => Gen.Select(ScoreSets.Mixed, Gen.Double[0.001, 1]).Sample((set, target) =>
    {
        int impostor = set.Same.Count(s => !s);
        var within = set.Scores.Distinct().Select(t => (
            Threshold: t,
            Far: (double)Enumerable.Range(0, set.Scores.Length).Count(i => !set.Same[i] && set.Scores[i] >= t) / impostor,
            Tar: (double)Enumerable.Range(0, set.Scores.Length).Count(i => set.Same[i] && set.Scores[i] >= t) / set.Same.Count(s => s)))
            .Where(p => p.Far <= target).ToList();
        OperatingPoint point = VerificationMetrics.TarAtFar(Create(set), target);
        Assert.Equal(within.Count == 0 ? 0 : within.Max(p => p.Tar), point.Tar);
        Assert.Equal(within.Count == 0 ? null : within.Where(p => p.Tar == point.Tar).Min(p => p.Threshold), point.Threshold);
        Assert.Equal(impostor, point.ImpostorPairs);
    });

    [Fact]
    public void Best_accuracy_is_that_of_brute_force_and_its_threshold_the_smallest() => ScoreSets.Any.Sample(set =>
    {
        ThresholdAccuracy best = VerificationMetrics.BestAccuracy(Create(set));
        var all = set.Scores.Append(Math.BitIncrement(set.Scores.Max())).Distinct().Order()
            .Select(t => (Threshold: t, Correct: Enumerable.Range(0, set.Scores.Length).Count(i => (set.Scores[i] >= t) == set.Same[i]))).ToList();
        int most = all.Max(t => t.Correct);
        Assert.Equal((double)most / set.Scores.Length, best.Accuracy);
        Assert.Equal(all.First(t => t.Correct == most).Threshold, best.Threshold);
        Assert.Equal(best.Accuracy, VerificationMetrics.Accuracy(Create(set), best.Threshold));
    });

    [Fact]
    public void A_growing_transform_and_a_new_order_change_no_rate() => Gen.Select(ScoreSets.Mixed, Gen.Int).Sample((set, seed) =>
    {
        int[] order = [.. Enumerable.Range(0, set.Scores.Length)];
        new Random(seed).Shuffle(order);
        var other = (Scores: order.Select(i => 8 * set.Scores[i]).ToArray(), Same: order.Select(i => set.Same[i]).ToArray());
        Assert.Equal(VerificationMetrics.Auc(Create(set)), VerificationMetrics.Auc(Create(other)));
        Assert.Equal(VerificationMetrics.Eer(Create(set)).Rate, VerificationMetrics.Eer(Create(other)).Rate);
        Assert.Equal(VerificationMetrics.TarAtFar(Create(set), 0.1).Tar, VerificationMetrics.TarAtFar(Create(other), 0.1).Tar);
        Assert.Equal(VerificationMetrics.BestAccuracy(Create(set)).Accuracy, VerificationMetrics.BestAccuracy(Create(other)).Accuracy);
    });

    [Fact]
    public void Infinite_scores_lie_beyond_every_threshold()
    {
        var scores = Create(([double.PositiveInfinity, 0.5, 0.4, double.NegativeInfinity], [true, true, false, false]));
        Assert.Equal(1, VerificationMetrics.Auc(scores));
        Assert.Equal(0, VerificationMetrics.Eer(scores).Rate);
        Assert.Equal(new ThresholdAccuracy(0.5, 1), VerificationMetrics.BestAccuracy(scores));
    }

    [Theory]
    [InlineData(true, "genuine")]
    [InlineData(false, "impostor")]
    public void One_kind_alone_is_refused_by_name(bool kind, string name)
    {
        var scores = Create(([0.1, 0.2], [kind, kind]));
        var e = Assert.Throws<SemblanceException>(() => VerificationMetrics.Auc(scores));
        Assert.Contains($"all 2 pairs are {name} pairs", e.Message, StringComparison.Ordinal);
        Assert.Throws<SemblanceException>(() => VerificationMetrics.Eer(scores));
        Assert.Throws<SemblanceException>(() => VerificationMetrics.TarAtFar(scores, 0.1));
        Assert.Equal(1, VerificationMetrics.BestAccuracy(scores).Accuracy);
    }

    [Fact]
    public void Nan_scores_are_refused_with_their_number()
    {
        var e = Assert.Throws<SemblanceException>(() => Create(([double.NaN, 0.2, double.NaN], [true, false, true])));
        Assert.Contains("2 of 3 scores are NaN", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, 0.1, true, false)]
    [InlineData(9, 0.1, false, false)]
    [InlineData(300, 0.1, true, true)]
    [InlineData(299, 0.1, true, false)]
    [InlineData(1000, 1e-3, true, false)]
    [InlineData(30_000, 1e-3, true, true)]
    public void An_operating_point_says_whether_the_impostors_support_it(int impostors, double far, bool supported, bool ruleOf30)
    {
        var set = (Enumerable.Range(0, impostors + 1).Select(i => -(double)i).ToArray(), Enumerable.Range(0, impostors + 1).Select(i => i == 0).ToArray());
        OperatingPoint point = VerificationMetrics.TarAtFar(Create(set), far);
        Assert.Equal((supported, ruleOf30, 1.0), (point.Supported, point.RuleOf30, point.Tar));
    }

    private static ComparisonScores Create((double[] Scores, bool[] Same) set) => ComparisonScores.Create(set.Scores, set.Same);
}
