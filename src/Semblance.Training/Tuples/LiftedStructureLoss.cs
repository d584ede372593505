using Semblance.Training.Objectives;
using Semblance.Training.Tuples.Cells;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>How the negatives of a positive pair enter the lifted structure loss.</summary>
public enum LiftedForm
{
    /// <summary>All of them, by log Σ exp(α − d): the smooth upper bound (Oh Song et al. 2016, eq. 4).</summary>
    Smooth,

    /// <summary>The nearest one of either photo of the pair (eq. 3).</summary>
    Hard,
}

/// <summary>
/// Lifted structured feature embedding (Oh Song, Xiang, Jegelka and Savarese 2016, eq. 3 and 4): each positive pair (i, j) against the
/// negatives of both its photos, J = log(Σₖ exp(α − dᵢₖ) + Σₗ exp(α − dⱼₗ)) + dᵢⱼ, and ½·max(0, J)² of each pair; the mean over pairs is
/// the paper's 1/(2|P|)·Σ. The log-sum of each photo is taken once, so that time and memory grow with batch², not with pairs × batch.
/// </summary>
public sealed class LiftedStructureLoss : ITupleLoss<PairSelection>, ISquareLoss, IAnnealed
{
    /// <summary>α as in the paper's experiments, in units of the distance.</summary>
    public const double DefaultMargin = 1;

    private readonly double _margin;
    private readonly LiftedForm _form;
    private double _eased = 1;

    /// <summary>Creates the loss.</summary>
    /// <param name="margin">α in units of the distance.</param>
    /// <param name="form">How negatives enter.</param>
    public LiftedStructureLoss(double margin = DefaultMargin, LiftedForm form = LiftedForm.Smooth) => (_margin, _form) = (margin, form);

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "lifted",
        "Each positive pair against the negatives of both its photos (lifted structure, Oh Song et al. 2016).",
        NeedsIdentityBatches: true,
        [
            new RealParameter("margin", DefaultMargin, 0, double.PositiveInfinity, "The margin α in units of the distance."),
            new ChoiceParameter<LiftedForm>("form", "smooth", [("smooth", LiftedForm.Smooth), ("hard", LiftedForm.Hard)],
                "smooth = all negatives by a log-sum of exponentials (eq. 4); hard = the nearest negative of either photo (eq. 3)."),
            MinerRegistry.Parameter("all"),
            TupleParameters.Distance(Distance.Euclidean),
            TupleParameters.Normalise(false),
            TupleParameters.Reduction(TupleReduction.MeanOverAll),
        ],
        (arguments, context) => TupleParameters.Objective(
            "lifted", arguments, context, new LiftedStructureLoss(arguments.Real("margin"), arguments.Choice<LiftedForm>("form")), arguments.Real("margin")));

    /// <inheritdoc/>
    public void Anneal(double fraction) => _eased = fraction;

    /// <inheritdoc/>
    public IReadOnlyList<TupleTerms> Terms(TupleBatch batch, PairSelection tuples)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tuples);
        using IDisposable noGradient = no_grad();
        DistanceMatrix distances = batch.Distances;
        // P and N(i) are sets: a pair that several triplets hold counts once.
        PairIndices pairs = (tuples.Positives.IsDense ? tuples.Positives : PairSet.Of(tuples.Positives.Mask(distances))).List();
        Reach reach = new(distances.Numbers, tuples.Negatives.Mask(distances), _margin * _eased, _form);
        Tensor ofAnchors = reach.Values.index_select(0, pairs.Anchors);
        Tensor ofOthers = reach.Values.index_select(0, pairs.Others);
        Tensor both = _form == LiftedForm.Hard ? maximum(ofAnchors, ofOthers) : logaddexp(ofAnchors, ofOthers);
        // −∞ where neither photo has a negative, hence 0.
        Tensor hinge = (both + distances.At(pairs)).relu();
        Tensor none = reach.Values.new_zeros(distances.AnchorCount);
        return
        [
            TupleTerms.ClosedForm(
                distances,
                none.index_add(0, pairs.Anchors, hinge.square() * 0.5, 1),
                none.index_add(0, pairs.Anchors, ones_like(hinge), 1),
                none.index_add(0, pairs.Anchors, hinge.gt(0).to_type(hinge.dtype), 1),
                Slopes),
        ];

        Tensor Slopes(Tensor? weights)
        {
            Tensor slope = weights is null ? hinge : hinge * weights.index_select(0, pairs.Anchors);
            Tensor share = _form == LiftedForm.Hard
                ? (ofAnchors - ofOthers).sign_().add_(1).mul_(0.5)
                : (ofAnchors - both).exp_();
            // Where neither photo has a negative the share is no number, and the slope 0.
            share = where(hinge.gt(0), share, zeros_like(share));
            Tensor rows = reach.Values.new_zeros(reach.Values.shape[0]);
            rows.index_add_(0, pairs.Anchors, slope * share, 1);
            rows.index_add_(0, pairs.Others, slope * (1 - share), 1);
            Tensor slopes = reach.Slopes(rows);
            slopes.view(-1).index_add_(0, (pairs.Anchors * distances.ReferenceCount) + pairs.Others, slope, 1);
            return slopes;
        }
    }

    /// <summary>How far the negatives of each photo reach: log Σ exp(α − d), or max(α − d); −∞ without a negative.</summary>
    private sealed class Reach
    {
        private readonly MaskedExponentials? _smooth;
        private readonly Tensor? _nearest;
        private readonly long _columns;

        public Reach(Tensor distances, Tensor negatives, double margin, LiftedForm form)
        {
            _columns = distances.shape[1];
            Tensor reach;
            if (form == LiftedForm.Smooth)
            {
                _smooth = new MaskedExponentials(distances, negatives, scale: -1);
                reach = _smooth.LogSums;
            }
            else
            {
                _nearest = NearestCell.Of(distances, negatives);
                // One that has none points at itself, of no account.
                Tensor nearest = distances.gather(1, _nearest.clamp_min(0).unsqueeze(1)).squeeze(1);
                reach = where(_nearest.ge(0), -nearest, double.NegativeInfinity);
            }

            Values = reach + margin;
        }

        /// <summary>[anchors].</summary>
        public Tensor Values { get; }

        /// <summary>The slopes of Σ factor · reach by the distances.</summary>
        /// <param name="factors">[anchors].</param>
        public Tensor Slopes(Tensor factors) => _smooth is not null
            ? _smooth.Slopes(-factors)
            : factors.new_zeros(factors.shape[0], _columns).scatter_(1, _nearest!.clamp_min(0).unsqueeze(1), -factors.unsqueeze(1));
    }
}
