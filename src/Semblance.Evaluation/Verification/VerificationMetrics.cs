namespace Semblance.Evaluation.Verification;

/// <summary>
/// Error rates of one-to-one comparison, as ISO/IEC 19795-1 defines them, in double precision and exact under ties.
/// FAR and TAR are used for FMR and 1 − FNMR: no sample is ever refused here, so they are the same.
/// </summary>
public static class VerificationMetrics
{
    /// <summary>
    /// Every operating point, from the one that accepts nothing to the one that accepts everything: one per distinct score (none dropped),
    /// after Fawcett, "An introduction to ROC analysis" (2006), algorithm 1.
    /// </summary>
    /// <param name="scores">The scores; both kinds needed.</param>
    /// <exception cref="SemblanceException">All pairs are of one kind.</exception>
    public static RocPoint[] Roc(ComparisonScores scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        scores.RequireBothKinds();
        var points = new RocPoint[scores.Distinct.Length + 1];
        points[0] = new RocPoint(double.PositiveInfinity, 0, 0, 0, 0);
        int falseAccepts = 0;
        int trueAccepts = 0;
        for (int i = 0; i < scores.Distinct.Length; i++)
        {
            falseAccepts += scores.ImpostorAt[i];
            trueAccepts += scores.GenuineAt[i];
            points[i + 1] = new RocPoint(
                scores.Distinct[i], falseAccepts, trueAccepts, (double)falseAccepts / scores.Impostor, (double)trueAccepts / scores.Genuine);
        }

        return points;
    }

    /// <summary>
    /// The area under the ROC curve: P(genuine score &gt; impostor score) + ½ P(equal), the Mann–Whitney statistic (Hanley and McNeil 1982),
    /// counted in whole numbers and divided once.
    /// </summary>
    /// <param name="scores">The scores; both kinds needed.</param>
    /// <exception cref="SemblanceException">All pairs are of one kind.</exception>
    public static double Auc(ComparisonScores scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        scores.RequireBothKinds();
        UInt128 halves = 0;
        ulong genuineAbove = 0;
        for (int i = 0; i < scores.Distinct.Length; i++)
        {
            ulong genuine = (ulong)scores.GenuineAt[i];
            halves += (UInt128)(ulong)scores.ImpostorAt[i] * ((2 * genuineAbove) + genuine);
            genuineAbove += genuine;
        }

        return (double)halves / (2.0 * scores.Genuine * scores.Impostor);
    }

    /// <summary>The equal error rate: interpolated on the ROC polyline, and the threshold whose two rates come nearest to each other.</summary>
    /// <param name="scores">The scores; both kinds needed.</param>
    /// <exception cref="SemblanceException">All pairs are of one kind.</exception>
    public static EqualErrorRate Eer(ComparisonScores scores)
    {
        RocPoint[] roc = Roc(scores);
        int crossing = Array.FindIndex(roc, p => 1 - p.Tar - p.Far <= 0);
        RocPoint above = roc[crossing - 1];
        RocPoint below = roc[crossing];
        double gapAbove = 1 - above.Tar - above.Far;
        double gapBelow = 1 - below.Tar - below.Far;
        double rate = above.Far + ((below.Far - above.Far) * gapAbove / (gapAbove - gapBelow));

        // The gap falls strictly from point to point, so the nearest is beside the crossing; an exact tie goes to the lower threshold.
        RocPoint nearest = crossing == 1 || Gap(below) <= Gap(above) ? below : above;
        return new EqualErrorRate(rate, nearest.Threshold, nearest.Far, 1 - nearest.Tar);

        Int128 Gap(RocPoint p) =>
            Int128.Abs(((Int128)p.FalseAccepts * scores.Genuine) - ((Int128)(scores.Genuine - p.TrueAccepts) * scores.Impostor));
    }

    /// <summary>The true accept rate at a bounded false accept rate (no interpolation: a threshold that exists is named).</summary>
    /// <param name="scores">The scores; both kinds needed.</param>
    /// <param name="far">The false accept rate not to be exceeded, in (0, 1].</param>
    /// <exception cref="SemblanceException">All pairs are of one kind.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The target lies outside (0, 1].</exception>
    public static OperatingPoint TarAtFar(ComparisonScores scores, double far)
    {
        if (!(far > 0 && far <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(far), far, "a false accept rate in (0, 1] is expected.");
        }

        RocPoint[] roc = Roc(scores);
        RocPoint best = Array.FindLast(roc, p => p.Far <= far);
        double? threshold = best.FalseAccepts + best.TrueAccepts == 0 ? null : best.Threshold;
        return new OperatingPoint(far, best.Tar, threshold, best.Far, best.FalseAccepts, scores.Impostor);
    }

    /// <summary>
    /// The threshold that decides most pairs rightly, chosen among the scores themselves; of equally good ones the smallest. Where it is
    /// better still to accept nothing, the next number above the highest score.
    /// </summary>
    /// <remarks>On the pairs it was chosen on, this accuracy is optimistic; see <see cref="Protocols.TenFold"/> for an honest one.</remarks>
    /// <param name="scores">The scores; one kind alone is allowed.</param>
    public static ThresholdAccuracy BestAccuracy(ComparisonScores scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ReadOnlySpan<double> distinct = scores.Distinct;
        int correct = scores.Genuine;
        int best = correct;
        double threshold = distinct[^1];
        for (int i = distinct.Length - 2; i >= -1; i--)
        {
            // Raising the threshold past the next score up rejects what lies at the one below it.
            correct += scores.ImpostorAt[i + 1] - scores.GenuineAt[i + 1];
            if (correct > best && (i >= 0 || double.IsFinite(distinct[0])))
            {
                best = correct;
                threshold = i >= 0 ? distinct[i] : Math.BitIncrement(distinct[0]);
            }
        }

        return new ThresholdAccuracy(threshold, (double)best / scores.Count);
    }

    /// <summary>The share of pairs that a given threshold decides rightly, in [0, 1].</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="threshold">The lowest accepted score.</param>
    public static double Accuracy(ComparisonScores scores, double threshold)
    {
        ArgumentNullException.ThrowIfNull(scores);
        int correct = 0;
        for (int i = 0; i < scores.Distinct.Length; i++)
        {
            correct += scores.Distinct[i] >= threshold ? scores.GenuineAt[i] : scores.ImpostorAt[i];
        }

        return (double)correct / scores.Count;
    }
}
