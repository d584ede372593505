using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// The margin of DeepID2's verification signal (Sun et al. 2014, §2): no gradient could move it, so it stands still for N training pairs and is
/// then set to the threshold that would have verified these pairs with the fewest errors. Until N pairs have been seen it is that of the
/// first batch with pairs of both kinds. Margin and pairs are buffers, so that a checkpoint holds them.
/// </summary>
public sealed class EstimatedMargin : nn.Module
{
    /// <summary>N of the paper, roughly.</summary>
    public const int DefaultPairs = 200_000;

    // Named as a checkpoint holds them.
    private readonly Tensor margin;
    private readonly Tensor distances;
    private readonly Tensor same;
    private readonly Tensor filled;

    /// <summary>Creates the estimate.</summary>
    /// <param name="pairs">N, at least 2: after how many pairs the margin is set anew.</param>
    /// <param name="initial">The margin until then, above 0; null for that of the first batch.</param>
    public EstimatedMargin(int pairs = DefaultPairs, double? initial = null)
        : base("margin")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(initial ?? 1, nameof(initial));
        margin = full(1, initial ?? double.NaN, ScalarType.Float32);
        distances = zeros(pairs, ScalarType.Float32);
        same = zeros(pairs, ScalarType.Bool);
        filled = zeros(1, ScalarType.Int64);
        RegisterComponents();
    }

    /// <summary>The margin as it stands; null as long as no batch had pairs of both kinds.</summary>
    public double? Value => margin.to_type(ScalarType.Float64).item<double>() is var value && double.IsNaN(value) ? null : value;

    /// <summary>Pairs seen since the margin was last set from N of them.</summary>
    public long Seen => filled.item<long>();

    /// <summary>The margin for a batch, and in training what the batch adds to the estimate.</summary>
    /// <param name="positives">[pairs]: distances of pairs of the same person.</param>
    /// <param name="negatives">[pairs]: distances of pairs of different people.</param>
    /// <returns>The margin before the batch was added, or the batch's own threshold where there was none; null where that has none either.</returns>
    public double? For(Tensor positives, Tensor negatives)
    {
        ArgumentNullException.ThrowIfNull(positives);
        ArgumentNullException.ThrowIfNull(negatives);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor batch = cat([positives.detach(), negatives.detach()]).to_type(ScalarType.Float32);
        Tensor verdicts = cat([ones(positives.shape[0], ScalarType.Bool), zeros(negatives.shape[0], ScalarType.Bool)]);
        double? before = Value;
        double? now = before ?? Threshold(batch, verdicts);
        if (training)
        {
            if (before is null && now is { } first)
            {
                margin.fill_(first);
            }

            Add(batch, verdicts);
        }

        return now;
    }

    private void Add(Tensor batch, Tensor verdicts)
    {
        (long count, long added) = (Seen, batch.shape[0]);
        if (count + added < same.shape[0])
        {
            distances.narrow(0, count, added).copy_(batch);
            same.narrow(0, count, added).copy_(verdicts);
            filled.fill_(count + added);
            return;
        }

        Tensor recent = cat([distances.narrow(0, 0, count).to_type(ScalarType.Float32), batch]);
        if (Threshold(recent, cat([same.narrow(0, 0, count), verdicts])) is { } threshold)
        {
            margin.fill_(threshold);
        }

        filled.zero_();
    }

    private static double? Threshold(Tensor distances, Tensor verdicts) => distances.numel() == 0
        ? null
        : VerificationThreshold.Of(distances.data<float>().ToArray(), verdicts.data<bool>().ToArray());
}
