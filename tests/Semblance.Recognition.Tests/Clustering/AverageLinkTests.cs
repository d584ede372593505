using CsCheck;
using Semblance.Recognition.Clustering;

namespace Semblance.Recognition.Tests.Clustering;

public sealed class AverageLinkTests
{
    [Fact]
    public void Finds_what_merging_by_all_pairs_finds() => Gen.Select(Gen.Float[-1f, 1f].Array[4].Array[0, 30], Gen.Float[-0.5f, 0.98f]).Sample(
        (rows, threshold) =>
        {
            if (Naive(rows, threshold) is { } expected)
            {
                Assert.Equal(expected, SomePeople.Canonical(new AverageLink().Cluster(new FaceVectors(rows), threshold)));
            }
        },
        iter: 500);

    [Fact]
    public void A_chain_of_neighbours_is_cut_where_the_mean_falls()
    {
        // Ten faces, 15 degrees from one to the next: each pair of neighbours is near, the ends are 135 degrees apart.
        float[][] rows = [.. Enumerable.Range(0, 10).Select(i => (float[])[MathF.Cos(i * MathF.PI / 12), MathF.Sin(i * MathF.PI / 12)])];

        Assert.True(new AverageLink().Cluster(new FaceVectors(rows), 0.9f).Distinct().Count() > 2);
    }

    [Fact]
    public void Too_many_faces_that_hang_together_are_refused_and_as_many_that_do_not_are_taken()
    {
        (float[][] rows, int[] people) = SomePeople.Draw([6, 6, 6], spread: 0.3);

        Assert.Equal(SomePeople.Canonical(people), SomePeople.Canonical(new AverageLink(mostTogether: 6).Cluster(new FaceVectors(rows), 0.6f)));
        string message = Assert.Throws<SemblanceException>(() => new AverageLink(mostTogether: 5).Cluster(new FaceVectors(rows), 0.6f)).Message;
        Assert.Contains("up to 5", message, StringComparison.Ordinal);
        Assert.Contains("6 hang together", message, StringComparison.Ordinal);
        Assert.Contains("--algorithm density", message, StringComparison.Ordinal);
    }

    /// <summary>O(n³), means taken anew over all pairs; null where a mean lies so near to the threshold or to the next that rounding decides.</summary>
    private static int[]? Naive(float[][] rows, float threshold)
    {
        double[][] units = [.. rows.Select(row => row.Select(v => (double)v).ToArray()).Select(row => Norm(row) is > 0 and { } norm ? [.. row.Select(v => v / norm)] : row)];
        List<List<int>> groups = [.. Enumerable.Range(0, rows.Length).Select(i => new List<int> { i })];
        while (groups.Count > 1)
        {
            (double Mean, int A, int B)[] means =
            [
                .. from a in Enumerable.Range(0, groups.Count)
                from b in Enumerable.Range(0, a)
                select (groups[a].Average(i => groups[b].Average(j => units[i].Zip(units[j], (x, y) => x * y).Sum())), a, b),
            ];
            (double Mean, int A, int B)[] best = [.. means.OrderByDescending(m => m.Mean).Take(2)];
            if (means.Any(m => Math.Abs(m.Mean - threshold) < 1e-5) || (best.Length > 1 && best[0].Mean >= threshold && best[0].Mean - best[1].Mean < 1e-5))
            {
                return null;
            }

            if (best[0].Mean < threshold)
            {
                break;
            }

            groups[best[0].B].AddRange(groups[best[0].A]);
            groups.RemoveAt(best[0].A);
        }

        int[] labels = new int[rows.Length];
        foreach (List<int> group in groups)
        {
            group.ForEach(face => labels[face] = group.Min());
        }

        return labels;

        static double Norm(double[] row) => Math.Sqrt(row.Sum(v => v * v));
    }
}
