using Semblance.Training.Tuples;

namespace Semblance.Training.Tests.Tuples;

/// <summary>Distances and tuples by plain loops, to compare with.</summary>
internal static class Naive
{
    public static double Between(double[] x, int i, int j, int dim, Distance kind, bool normalise)
    {
        double[] a = x[(i * dim)..((i + 1) * dim)];
        double[] b = x[(j * dim)..((j + 1) * dim)];
        double na = normalise ? Math.Sqrt(a.Sum(v => v * v)) : 1;
        double nb = normalise ? Math.Sqrt(b.Sum(v => v * v)) : 1;
        double squared = a.Zip(b, (p, q) => Math.Pow((p / na) - (q / nb), 2)).Sum();
        return kind switch
        {
            Distance.Euclidean => Math.Sqrt(squared),
            Distance.SquaredEuclidean => squared,
            _ => 1 - a.Zip(b, (p, q) => p * q / na / nb).Sum(),
        };
    }

    public static double[][] Matrix(double[] x, int batch, int dim, Distance kind, bool normalise) =>
        [.. Enumerable.Range(0, batch).Select(i => Enumerable.Range(0, batch).Select(j => Between(x, i, j, dim, kind, normalise)).ToArray())];

    public static IEnumerable<(int A, int P, int N)> Triplets(long[] y)
    {
        for (int a = 0; a < y.Length; a++)
        {
            for (int p = 0; p < y.Length; p++)
            {
                for (int n = 0; n < y.Length; n++)
                {
                    if (a != p && y[a] == y[p] && y[a] != y[n])
                    {
                        yield return (a, p, n);
                    }
                }
            }
        }
    }

    public static long[][] Lists(IEnumerable<(int A, int P, int N)> triplets) =>
        TupleLists.Sorted(triplets.Select(t => new long[] { t.A, t.P, t.N }));
}
