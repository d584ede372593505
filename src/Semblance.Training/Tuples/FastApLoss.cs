using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// FastAP (Cakir et al. 2019, "Deep Metric Learning to Rank", eq. 6 and 11): one minus each anchor's average precision over the rest of the
/// batch, approximated by a soft histogram of squared distances of unit vectors with L bins over [0, 4].
/// </summary>
public sealed class FastApLoss : ITupleLoss<PairSelection>
{
    /// <summary>The paper's number of bins.</summary>
    public const int DefaultBins = 10;

    private const double LargestDistance = 4;

    private readonly int _bins;

    /// <summary>Creates the loss.</summary>
    /// <param name="bins">L, at least 2: distances are spread over L + 1 bin centres by linear interpolation.</param>
    public FastApLoss(int bins = DefaultBins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        _bins = bins;
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "fastap",
        "One minus each photo's average precision as a query, by soft histograms of distance (FastAP, Cakir et al. 2019).",
        NeedsIdentityBatches: true,
        [
            new WholeParameter("bins", DefaultBins, 2, 1000, "The number L of histogram bins over squared distances from 0 to 4."),
            MinerRegistry.Parameter("all"),
            TupleParameters.Reduction(TupleReduction.MeanOverAll),
        ],
        (arguments, context) => new TupleObjective<PairSelection>(
            "fastap",
            Distance.SquaredEuclidean,
            normalise: true,
            MinerRegistry.Create(arguments, new MinerContext(Distance.SquaredEuclidean, Normalised: true, null, context.EmbeddingSize)),
            new FastApLoss(arguments.Whole("bins")),
            TupleParameters.Reduction(arguments)));

    /// <inheritdoc/>
    public IReadOnlyList<TupleTerms> Terms(TupleBatch batch, PairSelection tuples)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(tuples);
        using DisposeScope scope = NewDisposeScope();
        Tensor positive = tuples.Positives.Mask(batch.Distances);
        Tensor anchors = positive.any(1).nonzero().squeeze(1);
        positive = positive.index_select(0, anchors);
        Tensor other = positive.logical_or(tuples.Negatives.Mask(batch.Distances).index_select(0, anchors));
        Tensor distances = batch.Distances.Values.index_select(0, anchors);
        double width = LargestDistance / _bins;
        Tensor cumulativePositive = zeros(anchors.shape[0], distances.dtype);
        Tensor cumulative = zeros_like(cumulativePositive);
        Tensor precision = zeros_like(cumulativePositive);
        // One bin at a time: a pass over the matrix for each, never a tensor of all.
        for (int bin = 0; bin <= _bins; bin++)
        {
            Tensor share = (1 - ((distances - (bin * width)).abs() / width)).relu();
            Tensor here = share.masked_fill(positive.logical_not(), 0).sum(1);
            cumulativePositive = cumulativePositive + here;
            cumulative = cumulative + share.masked_fill(other.logical_not(), 0).sum(1);
            // An empty histogram so far has no precision; nothing is added for it, and nothing divided by zero.
            Tensor filled = cumulative.detach().gt(0);
            precision = precision + (here * cumulativePositive / cumulative.masked_fill(filled.logical_not(), 1));
        }

        Tensor terms = 1 - (precision / positive.sum(1));
        anchors.MoveToOuterDisposeScope();
        return [TupleTerms.Listed(terms.MoveToOuterDisposeScope(), () => anchors)];
    }
}
