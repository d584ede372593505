using Semblance.Training.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Proxies;

/// <summary>
/// Proxy-NCA (Movshovitz-Attias et al. 2017, "No Fuss Distance Metric Learning using Proxies", eq. 4): −log of exp(−d²) to the own proxy over
/// the sum of exp(−d²) to the proxies of all other classes, d being the distance of unit vectors.
/// </summary>
public sealed class ProxyNcaObjective : ProxyObjective
{
    private readonly double _scale;
    private readonly bool _ownInDenominator;

    /// <summary>Creates the objective.</summary>
    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <param name="embeddingSize">Dimension, at least 1.</param>
    /// <param name="seed">The same seed gives the same proxies.</param>
    /// <param name="scale">What squared distances are multiplied by; the paper has 1.</param>
    /// <param name="ownInDenominator">Whether the own proxy is in the denominator too (pytorch-metric-learning, ProxyNCA++); the paper leaves it out, so its loss can be below 0.</param>
    public ProxyNcaObjective(int classCount, int embeddingSize, ulong seed, double scale = 1, bool ownInDenominator = false)
        : base("proxy-nca", classCount, 1, embeddingSize, seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        (_scale, _ownInDenominator) = (scale, ownInDenominator);
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "proxy-nca",
        "Nearer to the own class's proxy than to all others, as neighbourhood components (Proxy-NCA, Movshovitz-Attias et al. 2017).",
        NeedsIdentityBatches: false,
        [
            new RealParameter("scale", 1, 0, double.PositiveInfinity, "What squared distances are multiplied by.", MinimumAllowed: false),
            new FlagParameter("own_in_denominator", false, "Whether the own proxy is in the denominator too (pytorch-metric-learning, ProxyNCA++)."),
        ],
        (arguments, context) => new ProxyNcaObjective(
            context.ClassCount, context.EmbeddingSize, context.Seed, arguments.Real("scale"), arguments.Flag("own_in_denominator")));

    /// <inheritdoc/>
    private protected override (Tensor Loss, Tensor Similarity) Penalty(Tensor cosines, Tensor directions, Tensor labels)
    {
        // −s·d² = 2s·cos − 2s; the constant drops out of the quotient.
        Tensor logits = cosines * (2 * _scale);
        if (_ownInDenominator)
        {
            return (nn.functional.cross_entropy(logits, labels), cosines.detach());
        }

        Tensor column = labels.unsqueeze(1);
        Tensor others = ones_like(logits, ScalarType.Bool).scatter(1, column, zeros_like(column, ScalarType.Bool));
        Tensor own = logits.gather(1, column).squeeze(1);
        // A single class has no other: then only the own proxy's pull is left.
        Tensor terms = ClassCount == 1 ? (2 * _scale) - own : MaskedLogSums.LogSumExp(logits, others) - own;
        return (terms.mean(), cosines.detach());
    }
}
