using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// Ranked list loss (Wang et al. 2019, "Ranked List Loss for Deep Metric Learning", eq. 3 to 8): for each anchor positives are drawn into a
/// ball of radius α − m, negatives pushed beyond α, the nearer the more. The weights exp(T(α − d)) of negatives are constants of the gradient.
/// </summary>
public sealed class RankedListLoss : ITupleLoss<PairSelection>, IAnnealed
{
    /// <summary>The paper's boundary of negatives.</summary>
    public const double DefaultBoundary = 1.2;

    /// <summary>The paper's margin between boundary and ball.</summary>
    public const double DefaultMargin = 0.4;

    /// <summary>The paper's temperature.</summary>
    public const double DefaultTemperature = 10;

    // A row without a negative within the boundary: 0/this rather than 0/0.
    private const double SmallestWeight = 1e-30;

    private readonly double _boundary;
    private readonly double _margin;
    private readonly double _temperature;
    private readonly double _balance;
    private double _eased = 1;

    /// <summary>Creates the loss.</summary>
    /// <param name="boundary">α, above 0, a distance of unit vectors.</param>
    /// <param name="margin">m, in [0, α].</param>
    /// <param name="temperature">T of the negatives' weights, at least 0.</param>
    /// <param name="balance">λ, the share of the negatives, in [0, 1].</param>
    public RankedListLoss(
        double boundary = DefaultBoundary, double margin = DefaultMargin, double temperature = DefaultTemperature, double balance = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(boundary);
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(margin, boundary);
        ArgumentOutOfRangeException.ThrowIfNegative(temperature);
        (_boundary, _margin, _temperature, _balance) = (boundary, margin, temperature, balance);
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "ranked-list",
        "Positives within a ball, negatives beyond its margin, the nearest weighing most (ranked list loss, Wang et al. 2019).",
        NeedsIdentityBatches: true,
        [
            new RealParameter("boundary", DefaultBoundary, 0, 2, "The distance α that negatives are pushed beyond.", MinimumAllowed: false),
            new RealParameter("margin", DefaultMargin, 0, 2, "The margin m: positives are drawn within α − m; at most the boundary."),
            new RealParameter("temperature", DefaultTemperature, 0, 1000, "T in the weight exp(T(α − d)) of a negative; 0 weighs all alike."),
            new RealParameter("balance", 0.5, 0, 1, "λ: the loss is (1 − λ) times that of positives plus λ times that of negatives."),
            MinerRegistry.Parameter("all"),
            TupleParameters.Reduction(TupleReduction.MeanOverAll),
        ],
        Create);

    /// <inheritdoc/>
    public void Anneal(double fraction) => _eased = fraction;

    /// <inheritdoc/>
    public IReadOnlyList<TupleTerms> Terms(TupleBatch batch, PairSelection tuples)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tuples);
        using DisposeScope scope = NewDisposeScope();
        Tensor distances = batch.Distances.Values;
        Tensor positiveExcess = Excess(distances - (_boundary - (_margin * _eased)), tuples.Positives.Mask(batch.Distances));
        Tensor positives = positiveExcess.sum(1) / positiveExcess.detach().gt(0).sum(1).clamp_min(1);
        Tensor negativeExcess = Excess(_boundary - distances, tuples.Negatives.Mask(batch.Distances));
        Tensor excess = negativeExcess.detach();
        // exp(T(α − d)) relative to the row's largest, so that a large temperature does not overflow.
        Tensor weights = ((excess - excess.amax([1], keepdim: true)) * _temperature).exp() * excess.gt(0);
        Tensor negatives = (negativeExcess * weights).sum(1) / weights.sum(1).clamp_min(SmallestWeight);
        Tensor terms = (positives * (1 - _balance)) + (negatives * _balance);
        return [TupleTerms.ForEachAnchor(terms.MoveToOuterDisposeScope())];
    }

    private static Tensor Excess(Tensor values, Tensor mask) => values.relu().masked_fill(mask.logical_not(), 0);

    private static TupleObjective<PairSelection> Create(ObjectiveArguments arguments, ObjectiveContext context)
    {
        (double boundary, double margin) = (arguments.Real("boundary"), arguments.Real("margin"));
        if (margin > boundary)
        {
            throw new UsageException($"The margin {margin} of the objective 'ranked-list' is above its boundary {boundary}: no distance could lie within. Lower the margin.");
        }

        return new TupleObjective<PairSelection>(
            "ranked-list",
            Distance.Euclidean,
            normalise: true,
            MinerRegistry.Create(arguments, new MinerContext(Distance.Euclidean, Normalised: true, margin > 0 ? margin : null, context.EmbeddingSize)),
            new RankedListLoss(boundary, margin, arguments.Real("temperature"), arguments.Real("balance")),
            TupleParameters.Reduction(arguments));
    }
}
