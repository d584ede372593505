using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Objectives;

/// <summary>
/// Metric learning: a distance matrix, a miner, a penalty, a reduction. Figures: "tuples", "active_tuples" (with a penalty above 0),
/// "distance_positive" and "distance_negative" (means over the pairs within the tuples, left out where there are none).
/// </summary>
/// <typeparam name="TTuples">Pairs or triplets.</typeparam>
public sealed class TupleObjective<TTuples> : Objective
    where TTuples : TupleSelection
{
    private readonly Distance _distance;
    private readonly bool _normalise;
    private readonly ITupleMiner<TTuples> _miner;
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
        string name, Distance distance, bool normalise, ITupleMiner<TTuples> miner, ITupleLoss<TTuples> loss, TupleReduction reduction)
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

    /// <inheritdoc/>
    public override ObjectiveValue Evaluate(Tensor embeddings, Tensor labels, Tensor? samples = null)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(labels);
        using DisposeScope scope = NewDisposeScope();
        BatchShape.Check(embeddings, labels);
        DistanceMatrix distances = DistanceMatrix.Between(embeddings, _distance, _normalise);
        TTuples tuples = _miner.Mine(distances, IdentityRelations.Of(labels));
        Tensor? loss = null;
        long active = 0;
        foreach (TupleTerms terms in _loss.Terms(distances, tuples))
        {
            Tensor reduced = _reduction.Reduce(terms);
            loss = loss is null ? reduced : loss + reduced;
            active += terms.Values.detach().gt(0).sum().item<long>();
        }

        Dictionary<string, double> figures = new() { ["tuples"] = tuples.Count, ["active_tuples"] = active };
        AddMean(figures, "distance_positive", distances, tuples.PositivePairs);
        AddMean(figures, "distance_negative", distances, tuples.NegativePairs);
        return new ObjectiveValue(loss!.MoveToOuterDisposeScope(), figures);
    }

    private static void AddMean(Dictionary<string, double> figures, string name, DistanceMatrix distances, PairIndices pairs)
    {
        if (pairs.Count > 0)
        {
            using IDisposable noGradient = no_grad();
            figures[name] = distances.At(pairs).to_type(ScalarType.Float64).mean().item<double>();
        }
    }
}
