using CsCheck;
using Semblance.Evaluation.Clustering;

namespace Semblance.Evaluation.Tests.Clustering;

public class ClusterScoresTests
{
    private static readonly Gen<(int Identity, int Cluster)[]> Photos = Gen.Select(Gen.Int[0, 4], Gen.Int[-1, 4]).Array[1, 30];

    [Fact]
    public void A_worked_example()
    {
        // Clusters {a a b} {b b} {a}: pairs together 1 + 1 of 3 + 1, of 3 + 3 genuine ones.
        ClusterScores scores = ClusterScores.Of([0, 0, 1, 1, 1, 0], [0, 0, 0, 1, 1, 2]);
        Assert.Equal((2 / 4.0, 2 / 6.0), (scores.PairwisePrecision, scores.PairwiseRecall));
        Assert.Equal(0.4, scores.PairwiseF, 12);
        Assert.Equal(((2 * 2 / 3.0) + (1 / 3.0) + 2 + 1) / 6, scores.BCubedPrecision, 12);
        Assert.Equal(((2 * 2 / 3.0) + (1 / 3.0) + (2 * 2 / 3.0) + (1 / 3.0)) / 6, scores.BCubedRecall, 12);
    }

    [Fact]
    public void Photos_with_a_negative_number_are_each_alone()
    {
        ClusterScores scores = ClusterScores.Of([0, 0, 1], [-1, -1, -1]);
        Assert.Equal((1.0, 0.0, 0.0), (scores.PairwisePrecision, scores.PairwiseRecall, scores.PairwiseF));
        Assert.Equal(1, scores.BCubedPrecision, 12);
        Assert.Equal(2 / 3.0, scores.BCubedRecall, 12);
    }

    [Fact]
    public void Counting_by_cells_equals_looking_at_every_pair() => Photos.Sample(photos =>
    {
        int[] identities = [.. photos.Select(p => p.Identity)];
        int[] clusters = [.. photos.Select(p => p.Cluster)];
        bool Together(int a, int b) => a == b || (clusters[a] >= 0 && clusters[a] == clusters[b]);
        double both = 0, clustered = 0, genuine = 0, precision = 0, recall = 0;
        for (int a = 0; a < photos.Length; a++)
        {
            int mine = 0, near = 0, shared = 0;
            for (int b = 0; b < photos.Length; b++)
            {
                bool same = identities[a] == identities[b];
                mine += same ? 1 : 0;
                near += Together(a, b) ? 1 : 0;
                shared += same && Together(a, b) ? 1 : 0;
                if (b > a)
                {
                    both += same && Together(a, b) ? 1 : 0;
                    clustered += Together(a, b) ? 1 : 0;
                    genuine += same ? 1 : 0;
                }
            }

            precision += (double)shared / near / photos.Length;
            recall += (double)shared / mine / photos.Length;
        }

        ClusterScores scores = ClusterScores.Of(identities, clusters);
        Assert.Equal(clustered > 0 ? both / clustered : 1, scores.PairwisePrecision, 10);
        Assert.Equal(genuine > 0 ? both / genuine : 1, scores.PairwiseRecall, 10);
        Assert.Equal(precision, scores.BCubedPrecision, 10);
        Assert.Equal(recall, scores.BCubedRecall, 10);
    });

    [Fact]
    public void The_right_clusters_under_any_numbers_are_perfect() => Gen.Int[0, 5].Array[1, 40].Sample(identities =>
    {
        ClusterScores scores = ClusterScores.Of(identities, [.. identities.Select(i => 7 - i)]);
        Assert.Equal((1.0, 1.0), (scores.PairwiseF, scores.BCubedF));
    });

    [Fact]
    public void Lists_of_other_lengths_and_empty_ones_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ClusterScores.Of([0], []));
        Assert.Throws<ArgumentException>(() => ClusterScores.Of([], []));
    }
}
