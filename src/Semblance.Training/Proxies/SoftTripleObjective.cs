using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Proxies;

/// <summary>
/// SoftTriple (Qian et al. 2019, "SoftTriple Loss: Deep Metric Learning Without Triplet Sampling", eq. 9 and 10): several centres of each class,
/// a photo's similarity to a class being their softly weighted mean, a margin off the own class, and a penalty that merges superfluous centres.
/// </summary>
public sealed class SoftTripleObjective : ProxyObjective
{
    /// <summary>The paper's number of centres.</summary>
    public const int DefaultCentres = 10;

    private readonly double _scale;
    private readonly double _gamma;
    private readonly double _margin;
    private readonly double _tau;
    private double _eased = 1;

    /// <summary>Creates the objective.</summary>
    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <param name="embeddingSize">Dimension, at least 1.</param>
    /// <param name="seed">The same seed gives the same centres.</param>
    /// <param name="centres">K, centres of each class, at least 1.</param>
    /// <param name="scale">λ, above 0.</param>
    /// <param name="gamma">γ, the temperature among the centres of a class, above 0.</param>
    /// <param name="margin">δ, at least 0.</param>
    /// <param name="tau">τ, the weight of the penalty on distances between centres of a class, at least 0.</param>
    public SoftTripleObjective(
        int classCount, int embeddingSize, ulong seed, int centres = DefaultCentres, double scale = 20, double gamma = 0.1, double margin = 0.01, double tau = 0.2)
        : base("soft-triple", classCount, centres, embeddingSize, seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(gamma);
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        ArgumentOutOfRangeException.ThrowIfNegative(tau);
        (_scale, _gamma, _margin, _tau) = (scale, gamma, margin, tau);
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "soft-triple",
        "Several centres of each class, softly chosen, with a margin (SoftTriple, Qian et al. 2019).",
        NeedsIdentityBatches: false,
        [
            new WholeParameter("centres", DefaultCentres, 1, 1000, "The number K of centres of each class."),
            new RealParameter("scale", 20, 0, double.PositiveInfinity, "The scale λ of the similarities.", MinimumAllowed: false),
            new RealParameter("gamma", 0.1, 0, double.PositiveInfinity, "The temperature γ among the centres of a class.", MinimumAllowed: false),
            new RealParameter("margin", 0.01, 0, 2, "The margin δ off the own class."),
            new RealParameter("tau", 0.2, 0, double.PositiveInfinity, "The weight τ of the penalty that draws superfluous centres of a class together."),
        ],
        (arguments, context) =>
        {
            if (arguments.Whole("centres") == 1)
            {
                arguments.RefuseIfGiven("gamma", "with a single centre of each class");
                arguments.RefuseIfGiven("tau", "with a single centre of each class");
            }

            return new SoftTripleObjective(
                context.ClassCount, context.EmbeddingSize, context.Seed, arguments.Whole("centres"), arguments.Real("scale"),
                arguments.Real("gamma"), arguments.Real("margin"), arguments.Real("tau"));
        });

    /// <inheritdoc/>
    public override bool Anneal(double fraction)
    {
        _eased = fraction;
        return true;
    }

    /// <inheritdoc/>
    private protected override (Tensor Loss, Tensor Similarity) Penalty(Tensor cosines, Tensor directions, Tensor labels)
    {
        Tensor byClass = cosines.reshape(cosines.shape[0], ClassCount, PerClass);
        Tensor similarity = (byClass * (byClass / _gamma).softmax(2)).sum(2);
        Tensor own = nn.functional.one_hot(labels, ClassCount).to_type(similarity.dtype);
        Tensor loss = nn.functional.cross_entropy((similarity - (own * (_margin * _eased))) * _scale, labels);
        return (_tau > 0 && PerClass > 1 ? loss + (Spread(directions) * _tau) : loss, similarity.detach());
    }

    // Σ over pairs of centres of a class of their distance, over C·K·(K − 1).
    private Tensor Spread(Tensor directions)
    {
        Tensor byClass = directions.reshape(ClassCount, PerClass, -1);
        Tensor squared = 2 - (2 * byClass.matmul(byClass.transpose(1, 2)));
        Tensor pairs = ones(PerClass, PerClass, ScalarType.Bool, directions.device).triu(1).unsqueeze(0);
        // Centres that have met have distance 0 and no direction to be drawn in.
        Tensor apart = squared.detach().gt(0).logical_and(pairs);
        Tensor distances = squared.masked_fill(apart.logical_not(), 1).sqrt().masked_fill(apart.logical_not(), 0);
        return distances.sum() / ((double)ClassCount * PerClass * (PerClass - 1));
    }
}
