using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Bench.Tuples;

/// <summary>
/// The losses as plain compositions of tensor operations whose gradient is left to autograd: what the library's own are measured against.
/// They are written as one would after reading the papers with care: one product, a row per positive pair, nothing of batch³.
/// </summary>
internal static class PlainTuples
{
    /// <summary>The three products of batch × dim × batch that distances and their gradient cannot do without in a plain composition.</summary>
    public static void ThreeProducts(Tensor embeddings)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor transposed = embeddings.t();
        for (int i = 0; i < 3; i++)
        {
            _ = embeddings.matmul(transposed);
        }
    }

    public static Tensor BatchHard(Tensor x, Tensor labels)
    {
        (Tensor d, Tensor same, Tensor different) = Prepare(x, labels);
        Tensor positive = where(same, d, double.NegativeInfinity).amax([1]);
        Tensor negative = where(different, d, double.PositiveInfinity).amin([1]);
        return nn.functional.softplus(positive - negative).mean();
    }

    public static Tensor BatchAllHinge(Tensor x, Tensor labels)
    {
        (Tensor excess, Tensor isNegative) = PairRows(x, labels, 0.3);
        Tensor terms = excess.relu() * isNegative;
        return terms.sum() / terms.detach().gt(0).sum();
    }

    public static Tensor BatchAllSoft(Tensor x, Tensor labels)
    {
        (Tensor excess, Tensor isNegative) = PairRows(x, labels, 0);
        return (nn.functional.softplus(excess) * isNegative).sum() / isNegative.sum();
    }

    public static Tensor SemiHard(Tensor x, Tensor labels)
    {
        (Tensor d, Tensor same, Tensor different) = Prepare(nn.functional.normalize(x), labels);
        d = d.square();
        Tensor pairs = same.nonzero();
        (Tensor anchors, Tensor positives) = (pairs.select(1, 0), pairs.select(1, 1));
        Tensor positive = d.index_select(0, anchors).gather(1, positives.unsqueeze(1));
        Tensor rows = d.index_select(0, anchors);
        Tensor inBand = different.index_select(0, anchors).logical_and(rows.gt(positive)).logical_and(rows.lt(positive + 0.2));
        Tensor negative = where(inBand, rows, double.PositiveInfinity).amin([1]);
        Tensor kept = negative.isfinite();
        Tensor terms = (positive.squeeze(1) - negative + 0.2).masked_select(kept).relu();
        return terms.sum() / terms.detach().gt(0).sum().clamp_min(1);
    }

    public static Tensor LiftedHard(Tensor x, Tensor labels)
    {
        (Tensor d, Tensor same, Tensor different) = Prepare(x, labels);
        Tensor hardest = where(different, 1 - d, double.NegativeInfinity).amax([1]);
        return Lifted(d, same, maximum(hardest.unsqueeze(1), hardest.unsqueeze(0)));
    }

    public static Tensor LiftedSmooth(Tensor x, Tensor labels)
    {
        (Tensor d, Tensor same, Tensor different) = Prepare(x, labels);
        Tensor all = where(different, 1 - d, double.NegativeInfinity).logsumexp(1);
        return Lifted(d, same, logaddexp(all.unsqueeze(1), all.unsqueeze(0)));
    }

    public static Tensor LiftedGeneralised(Tensor x, Tensor labels)
    {
        (Tensor d, Tensor same, Tensor different) = Prepare(x, labels);
        Tensor positive = where(same, d, double.NegativeInfinity).logsumexp(1);
        Tensor negative = where(different, 1 - d, double.NegativeInfinity).logsumexp(1);
        return (positive + negative).relu().mean();
    }

    public static Tensor MultiSimilarity(Tensor x, Tensor labels)
    {
        (_, Tensor same, Tensor different) = Prepare(x, labels);
        Tensor unit = nn.functional.normalize(x);
        Tensor s = unit.matmul(unit.t());
        Tensor hardestNegative = where(different, s, double.NegativeInfinity).amax([1], keepdim: true).detach();
        Tensor hardestPositive = where(same, s, double.PositiveInfinity).amin([1], keepdim: true).detach();
        Tensor positives = same.logical_and((s - 0.1).lt(hardestNegative));
        Tensor negatives = different.logical_and((s + 0.1).gt(hardestPositive));
        Tensor p = where(positives, (s - 1) * -2, double.NegativeInfinity).exp().sum(1).log1p() / 2;
        Tensor n = where(negatives, (s - 1) * 50, double.NegativeInfinity).exp().sum(1).log1p() / 50;
        return (p + n).mean();
    }

    public static Tensor MarginDistanceWeighted(Tensor x, Tensor labels)
    {
        (Tensor d, Tensor same, Tensor different) = Prepare(nn.functional.normalize(x), labels);
        Tensor anchors = same.nonzero().select(1, 0);
        Tensor negatives;
        using (no_grad())
        {
            Tensor clamped = d.detach().clamp(0.5, null);
            double dim = x.shape[1];
            Tensor logWeights = ((2 - dim) * clamped.log()) - ((dim - 3) / 2 * (1 - (clamped.square() / 4)).clamp_min(1e-8).log());
            logWeights = where(different.logical_and(d.lt(1.4)), logWeights, double.NegativeInfinity);
            Tensor weights = (logWeights - logWeights.amax([1], keepdim: true)).exp().nan_to_num(1);
            negatives = weights.index_select(0, anchors).multinomial(1).squeeze(1);
        }

        Tensor positive = (d.masked_select(same) - 1.2 + 0.2).relu();
        Tensor negative = (1.2 - d.reshape(-1).index_select(0, (anchors * d.shape[1]) + negatives) + 0.2).relu();
        return (positive.sum() + negative.sum()) / (positive.detach().gt(0).sum() + negative.detach().gt(0).sum()).clamp_min(1);
    }

    private static Tensor Lifted(Tensor d, Tensor same, Tensor negative) =>
        (d + negative).masked_select(same).relu().square().mean() / 2;

    private static (Tensor Excess, Tensor IsNegative) PairRows(Tensor x, Tensor labels, double margin)
    {
        (Tensor d, Tensor same, Tensor different) = Prepare(x, labels);
        Tensor pairs = same.nonzero();
        Tensor anchors = pairs.select(1, 0);
        Tensor rows = d.index_select(0, anchors);
        return (d.masked_select(same).unsqueeze(1) - rows + margin, different.index_select(0, anchors));
    }

    private static (Tensor Distances, Tensor Same, Tensor Different) Prepare(Tensor x, Tensor labels)
    {
        Tensor norms = x.square().sum(1, keepdim: true);
        Tensor squared = norms + norms.t() - (2 * x.matmul(x.t()));
        Tensor equal = labels.unsqueeze(1).eq(labels.unsqueeze(0));
        Tensor self = eye(labels.shape[0], dtype: ScalarType.Bool);
        return (squared.clamp_min(1e-8).sqrt(), equal.logical_and(self.logical_not()), equal.logical_not());
    }
}
