using System.Numerics.Tensors;

namespace Semblance.Data.Sampling;

/// <summary>Exact nearest neighbours among unit rows by cosine.</summary>
internal static class NearestRows
{
    /// <summary>The nearest other rows of each row, nearest first; of equal ones the lower index comes first.</summary>
    /// <param name="rows">L2-normalised rows.</param>
    /// <param name="count">How many, fewer than there are rows.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>[rows × count], row by row.</returns>
    public static int[] Find(float[][] rows, int count, CancellationToken cancellationToken)
    {
        int[] nearest = new int[rows.Length * count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, rows.Length, options, row =>
        {
            Span<int> mine = nearest.AsSpan(row * count, count);
            float[] similarities = new float[count];
            int held = 0;
            for (int other = 0; other < rows.Length; other++)
            {
                if (other == row)
                {
                    continue;
                }

                float similarity = TensorPrimitives.Dot<float>(rows[row], rows[other]);
                if (held == count && similarity <= similarities[^1])
                {
                    continue;
                }

                int at = held == count ? count - 1 : held++;
                for (; at > 0 && similarities[at - 1] < similarity; at--)
                {
                    (similarities[at], mine[at]) = (similarities[at - 1], mine[at - 1]);
                }

                (similarities[at], mine[at]) = (similarity, other);
            }
        });
        return nearest;
    }
}
