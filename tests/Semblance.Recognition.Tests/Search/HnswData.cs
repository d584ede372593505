using Semblance.Numerics;
using Semblance.Recognition.Search;

namespace Semblance.Recognition.Tests.Search;

/// <summary>Vectors to build graphs of, and how much of the exact result a search finds.</summary>
internal static class HnswData
{
    /// <summary>Vectors in bunches, as photos of people: row i is of person i modulo their number.</summary>
    public static float[] Clustered(int rows, int dimension, int people, ulong seed)
    {
        float[] values = new float[rows * dimension];
        for (int row = 0; row < rows; row++)
        {
            var person = new CountedRandom(77, 1, (ulong)(row % people));
            var photo = new CountedRandom(seed, 2, (ulong)row);
            for (int c = 0; c < dimension; c++)
            {
                values[(row * dimension) + c] = (float)(person.NextGaussian() + (0.6 * photo.NextGaussian()));
            }
        }

        return values;
    }

    public static float[] Random(int rows, int dimension, ulong seed)
    {
        var random = new CountedRandom(seed);
        return [.. Enumerable.Range(0, rows * dimension).Select(_ => (float)random.NextGaussian())];
    }

    public static long[] Ids(int count, int from = 0) => [.. Enumerable.Range(from, count).Select(i => (long)i)];

    public static SearchHit[] One(this IVectorIndex index, ReadOnlySpan<float> probe, int top, Func<long, bool>? accept = null) =>
        index.SearchBatch(probe, 1, top, accept)[0];

    /// <summary>The share of the hits that the other has too.</summary>
    public static double Recall(SearchHit[][] exact, SearchHit[][] found) =>
        exact.Zip(found, (right, mine) => right.Select(hit => hit.Id).Intersect(mine.Select(hit => hit.Id)).Count()).Sum() / (double)exact.Sum(right => right.Length);
}
