using System.Numerics;
using Semblance.Training.Tuples.Cells;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// Penalties of the excess h = d(a, p) − d(a, n) + margin, added up by anchor, with their slopes by each distance: no graph and no list of
/// terms. All triplets of a batch are one pass over positive pairs × batch cells, of which none is kept.
/// </summary>
/// <param name="margin">Added to the excess.</param>
/// <param name="soft">log(1 + eʰ) in place of max(0, h).</param>
/// <param name="swap">Whether the negative counts from the positive where that is nearer to it; for lists only.</param>
internal sealed class TripletPenalties(double margin, bool soft, bool swap)
{
    /// <summary>The penalties of triplets, however they are held.</summary>
    /// <param name="distances">The distances of the batch.</param>
    /// <param name="tuples">The triplets.</param>
    public TupleTerms Of(DistanceMatrix distances, TripletSelection tuples)
    {
        bool isDouble = distances.Numbers.dtype == ScalarType.Float64;
        if (!swap && tuples.Crossing is { Positives.IsDense: true, Negatives.IsDense: true } crossing)
        {
            return isDouble ? Crossed<double>(distances, crossing) : Crossed<float>(distances, crossing);
        }

        TripletIndices list = tuples.List();
        return isDouble ? Listed<double>(distances, list) : Listed<float>(distances, list);
    }

    private TupleTerms Crossed<T>(DistanceMatrix distances, PairSelection pairs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor numbers = MaskedRows.OnCpu(distances.Numbers);
        Tensor slopes = empty_like(numbers);
        Tensor sums = empty(3, distances.AnchorCount, numbers.dtype);
        Grid<T> cells = Grid<T>.Of(numbers);
        Grid<T> gradient = Grid<T>.Of(slopes);
        Grid<T> totals = Grid<T>.Of(sums);
        Grid<byte> positives = Grid<byte>.Of(MaskedRows.OnCpu(pairs.Positives.DenseMask));
        Grid<byte> negatives = Grid<byte>.Of(MaskedRows.OnCpu(pairs.Negatives.DenseMask));
        long pairsPerAnchor = Math.Max(1, pairs.Positives.Count / Math.Max(1, cells.Rows));
        RowLoop.Run(cells.Rows, cells.Columns * pairsPerAnchor, (from, to) =>
        {
            T[] distance = new T[ExcessRow.Padded<T>(cells.Columns)];
            T[] slope = new T[distance.Length];
            for (int i = from; i < to; i++)
            {
                Anchor(i, distance, slope);
            }
        });
        return Terms(distances, sums, weights => weights is null ? slopes : slopes * weights.unsqueeze(1), slopes);

        void Anchor(int i, Span<T> distance, Span<T> slope)
        {
            Span<T> row = cells[i];
            ReadOnlySpan<byte> chosen = negatives[i];
            distance.Fill(T.PositiveInfinity);
            slope.Clear();
            for (int j = 0; j < row.Length; j++)
            {
                distance[j] = chosen[j] != 0 ? row[j] : T.PositiveInfinity;
            }

            Span<T> result = gradient[i];
            (double sum, long active, long count) = (0, 0, 0);
            List<(int Column, double Slope)> pulled = [];
            for (int p = MaskedRows.Next(positives[i], 0); p >= 0; p = MaskedRows.Next(positives[i], p + 1))
            {
                T bound = row[p] + T.CreateTruncating(margin);
                (double penalties, long costly, double steep) = soft ? ExcessRow.Soft<T>(bound, distance, slope) : ExcessRow.Hinge<T>(bound, distance, slope);
                sum += penalties;
                active += costly;
                count++;
                pulled.Add((p, steep));
            }

            for (int j = 0; j < result.Length; j++)
            {
                result[j] = -slope[j];
            }

            foreach ((int column, double steep) in pulled)
            {
                result[column] += T.CreateTruncating(steep);
            }

            totals[0][i] = T.CreateTruncating(sum);
            totals[1][i] = T.CreateTruncating(count * (long)chosen.Count((byte)1));
            totals[2][i] = T.CreateTruncating(active);
        }
    }

    private TupleTerms Listed<T>(DistanceMatrix distances, TripletIndices list)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor numbers = MaskedRows.OnCpu(distances.Numbers);
        Grid<T> cells = Grid<T>.Of(numbers);
        Tensor indices = stack([list.Anchors, list.Positives, list.Negatives]).cpu();
        Grid<long> triplets = Grid<long>.Of(indices);
        Tensor steepness = empty(list.Count, numbers.dtype);
        Span<T> slopes = Grid<T>.Of(steepness)[0];
        double[] totals = new double[3 * cells.Rows];
        for (int t = 0; t < triplets.Columns; t++)
        {
            (int anchor, int positive, int negative) = ((int)triplets[0][t], (int)triplets[1][t], (int)triplets[2][t]);
            T nearest = cells[anchor][negative];
            if (swap && Swapped(cells, anchor, positive, negative))
            {
                nearest = cells[positive][negative];
            }

            T excess = cells[anchor][positive] - nearest + T.CreateTruncating(margin);
            (T penalty, slopes[t]) = soft ? Soft(excess) : T.IsNaN(excess) || excess > T.Zero ? (excess, T.One) : (T.Zero, T.Zero);
            totals[anchor] += double.CreateTruncating(penalty);
            totals[cells.Rows + anchor]++;
            totals[(2 * cells.Rows) + anchor] += penalty > T.Zero ? 1 : 0;
        }

        Tensor sums = tensor(totals, [3, cells.Rows]).to_type(numbers.dtype);
        return Terms(distances, sums, weights => Scatter<T>(numbers, indices, steepness, weights), steepness, indices, numbers);
    }

    /// <summary>Each triplet pulls at its two cells.</summary>
    private Tensor Scatter<T>(Tensor numbers, Tensor indices, Tensor steepness, Tensor? weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor slopes = zeros_like(numbers);
        Grid<T> result = Grid<T>.Of(slopes);
        Grid<T> cells = Grid<T>.Of(numbers);
        Grid<long> triplets = Grid<long>.Of(indices);
        Span<T> steep = Grid<T>.Of(steepness)[0];
        Span<T> weight = weights is null ? default : Grid<T>.Of(weights.cpu())[0];
        for (int t = 0; t < steep.Length; t++)
        {
            (int anchor, int positive, int negative) = ((int)triplets[0][t], (int)triplets[1][t], (int)triplets[2][t]);
            T slope = weights is null ? steep[t] : steep[t] * weight[anchor];
            result[anchor][positive] += slope;
            result[swap && Swapped(cells, anchor, positive, negative) ? positive : anchor][negative] -= slope;
        }

        return slopes.MoveToOuterDisposeScope();
    }

    private static bool Swapped<T>(Grid<T> cells, int anchor, int positive, int negative)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        // A positive out of a memory is no row of the matrix, so nothing is known of it from there.
        positive < cells.Rows && cells[positive][negative] < cells[anchor][negative];

    private static (T Penalty, T Slope) Soft<T>(T excess)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T e = T.Exp(-T.Abs(excess));
        T inverse = T.One / (T.One + e);
        return (T.Max(excess, T.Zero) + T.LogP1(e), excess > T.Zero ? inverse : e * inverse);
    }

    private static TupleTerms Terms(DistanceMatrix distances, Tensor sums, Func<Tensor?, Tensor> slopes, params Tensor[] kept)
    {
        foreach (Tensor tensor in kept)
        {
            tensor.MoveToOuterDisposeScope();
        }

        Tensor all = sums.to(distances.Numbers.device);
        return TupleTerms.ClosedForm(
            distances,
            all.select(0, 0).MoveToOuterDisposeScope(),
            all.select(0, 1).MoveToOuterDisposeScope(),
            all.select(0, 2).MoveToOuterDisposeScope(),
            slopes);
    }
}
