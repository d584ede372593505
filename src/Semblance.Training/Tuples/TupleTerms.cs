using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>Penalties that are reduced together: listed one by one, or added up by anchor where there are too many to list, or a term that stands as it is.</summary>
public abstract class TupleTerms
{
    /// <summary>The sum of the penalties: a scalar attached to the graph.</summary>
    internal abstract Tensor Sum { get; }

    /// <summary>Number of penalties.</summary>
    internal abstract long Count { get; }

    /// <summary>Number of penalties above 0.</summary>
    internal abstract long ActiveCount { get; }

    /// <summary>The mean within each anchor, then over the anchors that have a penalty: a scalar attached to the graph.</summary>
    internal abstract Tensor MeanPerAnchor { get; }

    /// <summary>Whether a reduction applies; false for a term that is added as it is.</summary>
    internal virtual bool IsReduced => true;

    /// <summary>Penalties one by one.</summary>
    /// <param name="values">[n], attached to the graph.</param>
    /// <param name="anchors">[n] int64: the anchor that each belongs to; asked for only where a reduction needs it.</param>
    public static TupleTerms Listed(Tensor values, Func<Tensor> anchors) => new ListedTerms(values, anchors);

    /// <summary>Penalties one by one, one for each anchor of the batch.</summary>
    /// <param name="values">[anchors], attached to the graph.</param>
    public static TupleTerms ForEachAnchor(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new ListedTerms(values, () => arange(values.shape[0], device: values.device));
    }

    /// <summary>Penalties added up by anchor.</summary>
    /// <param name="sums">[anchors]: the sum of each anchor's penalties, attached to the graph.</param>
    /// <param name="counts">[anchors]: how many they are, in the dtype of the sums.</param>
    /// <param name="activeCounts">[anchors]: how many of them are above 0, in the dtype of the sums.</param>
    public static TupleTerms AddedUp(Tensor sums, Tensor counts, Tensor activeCounts) => new AddedTerms(sums, counts, activeCounts);

    /// <summary>
    /// Penalties added up by anchor, with their derivative by each distance given by the loss instead of followed by autograd: see
    /// <see cref="DistanceMatrix.Numbers"/>.
    /// </summary>
    /// <param name="distances">The distances of the batch.</param>
    /// <param name="sums">[anchors]: the sum of each anchor's penalties, computed from the numbers; attached, if at all, to other parameters only.</param>
    /// <param name="counts">[anchors]: how many they are, in the dtype of the sums.</param>
    /// <param name="activeCounts">[anchors]: how many of them are above 0, in the dtype of the sums.</param>
    /// <param name="slopes">
    /// From weights [anchors], or null for all 1, gives [anchors × references]: the derivative of Σ weights·sums by each distance. Called
    /// at most once, and only where a gradient is wanted; the result is not changed. Where each anchor's sum depends on its own row alone, it is row slopes times weights.
    /// </param>
    public static TupleTerms ClosedForm(DistanceMatrix distances, Tensor sums, Tensor counts, Tensor activeCounts, Func<Tensor?, Tensor> slopes)
    {
        ArgumentNullException.ThrowIfNull(distances);
        ArgumentNullException.ThrowIfNull(slopes);
        return new ClosedTerms(distances, sums, counts, activeCounts, slopes);
    }

    /// <summary>A term that no reduction touches, such as a regulariser.</summary>
    /// <param name="value">A scalar, attached to the graph.</param>
    public static TupleTerms AsItIs(Tensor value) => new ConstantTerm(value);

    private sealed class ListedTerms(Tensor values, Func<Tensor> anchors) : TupleTerms
    {
        internal override Tensor Sum => values.sum();

        internal override long Count => values.shape[0];

        internal override long ActiveCount
        {
            get
            {
                using DisposeScope scope = NewDisposeScope();
                return values.detach().gt(0).sum().item<long>();
            }
        }

        internal override Tensor MeanPerAnchor
        {
            get
            {
                using DisposeScope scope = NewDisposeScope();
                if (Count == 0)
                {
                    return values.sum().MoveToOuterDisposeScope();
                }

                Tensor owners = anchors();
                Tensor counts = owners.bincount(null);
                // 1/(tuples of the anchor · anchors that have tuples) for each penalty.
                Tensor weights = (counts.index_select(0, owners) * counts.gt(0).sum()).to_type(values.dtype).reciprocal();
                return (values * weights).sum().MoveToOuterDisposeScope();
            }
        }
    }

    private class AddedTerms(Tensor sums, Tensor counts, Tensor activeCounts) : TupleTerms
    {
        internal override Tensor Sum => sums.sum();

        internal override long Count => Total(counts);

        internal override long ActiveCount => Total(activeCounts);

        internal override Tensor MeanPerAnchor
        {
            get
            {
                using DisposeScope scope = NewDisposeScope();
                return (sums * Weights()).sum().MoveToOuterDisposeScope();
            }
        }

        /// <summary>[anchors]: 1/(penalties of the anchor · anchors that have penalties).</summary>
        protected Tensor Weights()
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor anchors = counts.gt(0).sum().clamp_min(1).to_type(sums.dtype);
            return (counts.clamp_min(1) * anchors).reciprocal().MoveToOuterDisposeScope();
        }

        private static long Total(Tensor numbers)
        {
            // Counts of millions: float32 would round their sum.
            using DisposeScope scope = NewDisposeScope();
            return (long)numbers.to_type(ScalarType.Float64).sum().item<double>();
        }
    }

    private sealed class ClosedTerms(DistanceMatrix distances, Tensor sums, Tensor counts, Tensor activeCounts, Func<Tensor?, Tensor> slopes)
        : AddedTerms(sums, counts, activeCounts)
    {
        internal override Tensor Sum
        {
            get
            {
                using DisposeScope scope = NewDisposeScope();
                return distances.Attach(base.Sum, () => slopes(null)).MoveToOuterDisposeScope();
            }
        }

        internal override Tensor MeanPerAnchor
        {
            get
            {
                using DisposeScope scope = NewDisposeScope();
                return distances.Attach(base.MeanPerAnchor, () => slopes(Weights())).MoveToOuterDisposeScope();
            }
        }
    }

    private sealed class ConstantTerm(Tensor value) : TupleTerms
    {
        internal override Tensor Sum => value;

        internal override long Count => 0;

        internal override long ActiveCount => 0;

        internal override Tensor MeanPerAnchor => value;

        internal override bool IsReduced => false;
    }
}
