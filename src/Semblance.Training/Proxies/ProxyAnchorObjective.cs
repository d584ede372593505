using Semblance.Training.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Proxies;

/// <summary>
/// Proxy-Anchor (Kim et al. 2020, "Proxy Anchor Loss for Deep Metric Learning", eq. 4): each proxy is an anchor that draws the hardest of its
/// own photos most and pushes the hardest of the others most, over the whole batch.
/// </summary>
public sealed class ProxyAnchorObjective : ProxyObjective
{
    /// <summary>The paper's scale α.</summary>
    public const double DefaultScale = 32;

    /// <summary>The paper's margin δ.</summary>
    public const double DefaultMargin = 0.1;

    private readonly double _scale;
    private readonly double _margin;
    private double _eased = 1;

    /// <summary>Creates the objective.</summary>
    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <param name="embeddingSize">Dimension, at least 1.</param>
    /// <param name="seed">The same seed gives the same proxies.</param>
    /// <param name="scale">α, above 0.</param>
    /// <param name="margin">δ, at least 0.</param>
    public ProxyAnchorObjective(int classCount, int embeddingSize, ulong seed, double scale = DefaultScale, double margin = DefaultMargin)
        : base("proxy-anchor", classCount, 1, embeddingSize, seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        (_scale, _margin) = (scale, margin);
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "proxy-anchor",
        "Each class's proxy draws its photos of the batch and pushes the others, the hardest most (Proxy-Anchor, Kim et al. 2020).",
        NeedsIdentityBatches: false,
        [
            new RealParameter("scale", DefaultScale, 0, double.PositiveInfinity, "The scale α of the cosines.", MinimumAllowed: false),
            new RealParameter("margin", DefaultMargin, 0, 1, "The margin δ: own photos aim above it, others below −δ."),
        ],
        (arguments, context) => new ProxyAnchorObjective(
            context.ClassCount, context.EmbeddingSize, context.Seed, arguments.Real("scale"), arguments.Real("margin")));

    /// <inheritdoc/>
    public override bool Anneal(double fraction)
    {
        _eased = fraction;
        return true;
    }

    /// <inheritdoc/>
    private protected override (Tensor Loss, Tensor Similarity) Penalty(Tensor cosines, Tensor directions, Tensor labels)
    {
        double margin = _margin * _eased;
        Tensor toProxies = cosines.t();
        Tensor own = labels.unsqueeze(0).eq(arange(ClassCount, device: labels.device).unsqueeze(1));
        Tensor draw = MaskedLogSums.LogOnePlusSumExp((toProxies - margin) * -_scale, own);
        Tensor push = MaskedLogSums.LogOnePlusSumExp((toProxies + margin) * _scale, own.logical_not());
        long present = own.any(1).sum().item<long>();
        return ((draw.sum() / present) + (push.sum() / ClassCount), cosines.detach());
    }
}
