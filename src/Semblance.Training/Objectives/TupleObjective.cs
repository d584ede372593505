using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Objectives;

/// <summary>
/// Metric learning: a distance matrix, a miner, a penalty, a reduction. Any miner goes with any penalty: where one gives triplets and the
/// other takes pairs, or the reverse, tuples are read as the other (<see cref="TupleSelection"/>). Figures: "tuples", "active_tuples" (with a penalty above 0),
/// "distance_positive" and "distance_negative" (means over the tuples, left out where there are none).
/// </summary>
/// <typeparam name="TTuples">What the penalty takes: pairs or triplets.</typeparam>
public sealed class TupleObjective<TTuples> : Objective, IMemoryObjective
    where TTuples : TupleSelection
{
    private readonly Distance _distance;
    private readonly bool _normalise;
    private readonly ITupleMiner<TupleSelection> _miner;
    private readonly ITupleLoss<TTuples> _loss;
    private readonly TupleReduction _reduction;

    /// <summary>Joins the parts.</summary>
    /// <param name="name">The registered name.</param>
    /// <param name="distance">Which distance is taken.</param>
    /// <param name="normalise">Whether embeddings are scaled to unit length first.</param>
    /// <param name="miner">Chooses the tuples.</param>
    /// <param name="loss">Gives each its penalty.</param>
    /// <param name="reduction">Makes one number of them.</param>
    public TupleObjective(
        string name, Distance distance, bool normalise, ITupleMiner<TupleSelection> miner, ITupleLoss<TTuples> loss, TupleReduction reduction)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(miner);
        ArgumentNullException.ThrowIfNull(loss);
        (_distance, _normalise, _miner, _loss, _reduction) = (distance, normalise, miner, loss, reduction);
        foreach ((string part, object stateful) in new (string, object)[] { ("miner", miner), ("loss", loss) })
        {
            if (stateful is nn.Module module)
            {
                register_module(part, module);
            }
        }
    }

    /// <summary>Chooses the tuples.</summary>
    public ITupleMiner<TupleSelection> Miner => _miner;

    /// <summary>Gives each tuple its penalty.</summary>
    public ITupleLoss<TTuples> Loss => _loss;

    /// <inheritdoc/>
    public override bool Anneal(double fraction)
    {
        (_miner as IAnnealed)?.Anneal(fraction);
        (_loss as IAnnealed)?.Anneal(fraction);
        return _miner is IAnnealed || _loss is IAnnealed;
    }

    /// <inheritdoc/>
    public string? BoundToTheBatch => _loss switch
    {
        ISquareLoss => "it also looks from a pair's other photo, which must be of the batch",
        TripletLoss { Swaps: true } => "with 'swap' it also looks from the positive, which must be of the batch",
        _ => null,
    };

    /// <inheritdoc/>
    public override ObjectiveValue Evaluate(Tensor embeddings, Tensor labels, Tensor? samples = null) => Evaluate(embeddings, labels, samples, null, null);

    ObjectiveValue IMemoryObjective.Evaluate(Tensor embeddings, Tensor labels, Tensor? samples, Tensor further, Tensor furtherLabels) =>
        Evaluate(embeddings, labels, samples, further, furtherLabels);

    private ObjectiveValue Evaluate(Tensor embeddings, Tensor labels, Tensor? samples, Tensor? further, Tensor? furtherLabels)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(labels);
        using DisposeScope scope = NewDisposeScope();
        BatchShape.Check(embeddings, labels);
        if (labels.shape[0] == 0)
        {
            // Nothing to compare: no miner and no penalty need think of it.
            Tensor nothing = embeddings.dtype == ScalarType.Float64 ? embeddings.sum() : embeddings.to_type(ScalarType.Float32).sum();
            return new ObjectiveValue(nothing.MoveToOuterDisposeScope(), new Dictionary<string, double> { ["tuples"] = 0, ["active_tuples"] = 0 });
        }

        CutGraph cut = CutGraph.Of(embeddings, _distance, _normalise, further);
        DistanceMatrix distances = cut.Distances;
        IdentityRelations relations = IdentityRelations.Of(labels, furtherLabels);
        TupleSelection mined = _miner.Mine(distances, relations);
        TTuples tuples = mined as TTuples ?? (TTuples)(typeof(TTuples) == typeof(PairSelection) ? (TupleSelection)mined.Pairs : mined.Triplets);
        Tensor? loss = null;
        long active = 0;
        foreach (TupleTerms terms in _loss.Terms(new TupleBatch(distances, relations, labels, samples), tuples))
        {
            Tensor reduced = _reduction.Reduce(terms);
            loss = loss is null ? reduced : loss + reduced;
            active += terms.ActiveCount;
        }

        Dictionary<string, double> figures = new() { ["tuples"] = tuples.Count, ["active_tuples"] = active };
        (double? positive, double? negative) = tuples.MeanDistances(distances);
        if (positive is { } near)
        {
            figures["distance_positive"] = near;
        }

        if (negative is { } far)
        {
            figures["distance_negative"] = far;
        }

        return new ObjectiveValue(cut.Join(loss!, parameters()).MoveToOuterDisposeScope(), figures);
    }
}
