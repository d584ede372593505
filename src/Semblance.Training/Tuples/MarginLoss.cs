using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// Margin-based loss (Wu, Manmatha, Smola and Krähenbühl 2017, "Sampling Matters in Deep Embedding Learning", eq. 4 and 5): pairs of the same
/// person within β − α, pairs of different people beyond β + α: max(0, α + y·(d − β)), y = 1 for the same and −1 for different, with the
/// β of the pair's anchor, which may be learned. ν pulls learned β down, so that it does not grow with the network's mistakes.
/// </summary>
public sealed class MarginLoss : nn.Module, ITupleLoss<PairSelection>, IAnnealed
{
    /// <summary>α of the paper.</summary>
    public const double DefaultMargin = 0.2;

    /// <summary>β at the start.</summary>
    public const double DefaultBeta = 1.2;

    private readonly LearnedBoundary beta;
    private readonly double _margin;
    private readonly double _nu;
    private readonly bool _nuOnce;
    private double _eased = 1;

    /// <summary>Creates the loss.</summary>
    /// <param name="margin">α, at least 0, in units of the distance.</param>
    /// <param name="boundary">β; the loss owns it.</param>
    /// <param name="nu">ν, at least 0.</param>
    /// <param name="nuOnce">False: ν·β of every pair's anchor, half for each pair since a triplet's two pairs count once, reduced with the penalties (the authors' code). True: ν times a global β, added as it is (pytorch-metric-learning).</param>
    public MarginLoss(double margin, LearnedBoundary boundary, double nu = 0, bool nuOnce = false)
        : base("margin")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        ArgumentOutOfRangeException.ThrowIfNegative(nu);
        ArgumentNullException.ThrowIfNull(boundary);
        if (nu > 0 && boundary.Values is null)
        {
            throw new ArgumentException("ν is for a β that is learned.", nameof(nu));
        }

        (_margin, beta, _nu, _nuOnce) = (margin, boundary, nu, nuOnce);
        RegisterComponents();
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "margin",
        "Pairs of the same person within a learned distance, pairs of different people beyond it (margin-based loss, Wu et al. 2017).",
        NeedsIdentityBatches: true,
        [
            new RealParameter("margin", DefaultMargin, 0, double.PositiveInfinity, "The margin α on either side of β."),
            new RealParameter("beta", DefaultBeta, 0, double.PositiveInfinity, "The boundary β at the start.", MinimumAllowed: false),
            new ChoiceParameter<BoundaryScope>("beta_scope", "class",
                [
                    ("fixed", BoundaryScope.Fixed), ("global", BoundaryScope.Global), ("class", BoundaryScope.Class), ("sample", BoundaryScope.Sample),
                    ("sum", BoundaryScope.Sum),
                ],
                "What β is learned for: fixed = not learned; global = one for all; class = one for each identity (the authors' code); "
                + "sample = one for each photo; sum = β + β of the identity + β of the photo (the paper's general form)."),
            new RealParameter("nu", 0, 0, double.PositiveInfinity, "The weight ν that pulls learned β down."),
            new ChoiceParameter<bool>("nu_form", "per-pair", [("per-pair", false), ("once", true)],
                "per-pair = ν·β of each pair's anchor, reduced with the penalties (the authors' code); once = ν times a global β, added as it is (pytorch-metric-learning)."),
            MinerRegistry.Parameter("distance-weighted"),
            TupleParameters.Distance(Distance.Euclidean),
            TupleParameters.Normalise(true),
            TupleParameters.Reduction(TupleReduction.MeanOverActive),
        ],
        Create);

    /// <summary>β.</summary>
    public LearnedBoundary Boundary => beta;

    /// <inheritdoc/>
    public void Anneal(double fraction) => _eased = fraction;

    /// <inheritdoc/>
    public IReadOnlyList<TupleTerms> Terms(TupleBatch batch, PairSelection tuples)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tuples);
        using DisposeScope scope = NewDisposeScope();
        DistanceMatrix distances = batch.Distances;
        PairIndices positives = tuples.Positives.List();
        PairIndices negatives = tuples.Negatives.List();
        Tensor boundary = beta.Of(batch);
        double margin = _margin * _eased;
        // The distances as numbers, since their slopes are ±1 or 0; β attached to its parameters.
        Tensor anchors = cat([positives.Anchors, negatives.Anchors]);
        Tensor cells = (anchors * distances.ReferenceCount) + cat([positives.Others, negatives.Others]);
        Tensor sign = cat([boundary.new_ones(positives.Count), boundary.new_full(negatives.Count, -1)]).detach();
        Tensor penalties = ((distances.Numbers.reshape(-1).index_select(0, cells) - boundary.index_select(0, anchors)).mul(sign) + margin).relu();
        Tensor costs = penalties.detach().gt(0).to_type(penalties.dtype);
        Tensor zero = boundary.new_zeros(boundary.shape[0]);
        Tensor counts = zero.index_add(0, anchors, ones_like(costs), 1);
        Tensor active = zero.index_add(0, anchors, costs, 1);
        Tensor sums = zero.index_add(0, anchors, penalties, 1);
        if (_nu > 0 && !_nuOnce)
        {
            // Where no pair costs anything there is nothing to hold against.
            sums = sums + (boundary * counts * (0.5 * _nu) * active.sum().gt(0));
        }

        Tensor slope = (sign * costs).MoveToOuterDisposeScope();
        anchors.MoveToOuterDisposeScope();
        cells.MoveToOuterDisposeScope();
        TupleTerms terms = TupleTerms.ClosedForm(
            distances, sums.MoveToOuterDisposeScope(), counts.MoveToOuterDisposeScope(), active.MoveToOuterDisposeScope(), Slopes);
        return _nu > 0 && _nuOnce && tuples.Count > 0
            ? [terms, TupleTerms.AsItIs((beta.Values!.sum() * _nu).to_type(sums.dtype).MoveToOuterDisposeScope())]
            : [terms];

        Tensor Slopes(Tensor? weights)
        {
            Tensor slopes = distances.Numbers.new_zeros(distances.AnchorCount * distances.ReferenceCount);
            slopes.index_add_(0, cells, weights is null ? slope : slope * weights.index_select(0, anchors), 1);
            return slopes.reshape(distances.AnchorCount, distances.ReferenceCount);
        }
    }

    private static TupleObjective<PairSelection> Create(ObjectiveArguments arguments, ObjectiveContext context)
    {
        BoundaryScope scope = arguments.Choice<BoundaryScope>("beta_scope");
        bool once = arguments.Choice<bool>("nu_form");
        if (scope == BoundaryScope.Fixed)
        {
            arguments.RefuseIfGiven("nu", "on a β that is not learned");
        }

        if (once && arguments.Real("nu") == 0)
        {
            arguments.RefuseIfGiven("nu_form", "with 'nu' at 0");
        }

        if (once && scope != BoundaryScope.Global)
        {
            throw new UsageException("The parameter 'nu_form' of the objective 'margin' is 'once', which is for 'beta_scope: global'; take 'per-pair'.");
        }

        return TupleParameters.Objective(
            "margin",
            arguments,
            context,
            new MarginLoss(
                arguments.Real("margin"),
                new LearnedBoundary(arguments.Real("beta"), scope, context.ClassCount, context.SampleCount),
                arguments.Real("nu"),
                once),
            arguments.Real("margin"));
    }
}
