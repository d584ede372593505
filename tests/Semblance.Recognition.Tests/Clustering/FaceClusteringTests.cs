using CsCheck;
using Semblance.Numerics;
using Semblance.Recognition.Clustering;

namespace Semblance.Recognition.Tests.Clustering;

/// <summary>What holds for every way to cluster.</summary>
public sealed class FaceClusteringTests
{
    private static readonly Gen<float[][]> Rows = Gen.Float[-1f, 1f].Array[3].Array[0, 40];

    public static TheoryData<string> Names => [.. FaceClusterings.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void People_that_lie_apart_are_told_apart(string name)
    {
        (float[][] rows, int[] people) = SomePeople.Draw([40, 20, 12, 7, 5, 3, 2, 2, 1, 1, 1]);

        Assert.Equal(SomePeople.Canonical(people), SomePeople.Canonical(Cluster(name, rows, 0.55f)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_person_with_more_photos_than_neighbours_are_looked_at_stays_whole(string name)
    {
        (float[][] rows, int[] people) = SomePeople.Draw([300, 150, 2, 1], spread: 0.3);

        Assert.Equal(SomePeople.Canonical(people), SomePeople.Canonical(Cluster(name, rows, 0.55f, neighbours: 10)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Equal_photos_are_together_and_lone_ones_alone(string name)
    {
        float[] twice = [1, 2, 3], other = [3, -2, 1];

        Assert.Equal([0, 1, 0, 0], SomePeople.Canonical(Cluster(name, [twice, other, twice, twice], 0.9f, neighbours: 1)));
        Assert.Equal([0], Cluster(name, [twice], 0.5f));
        Assert.Empty(Cluster(name, [], 0.5f));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_zero_vector_is_alone(string name) =>
        Assert.Equal([0, 1, 1], SomePeople.Canonical(Cluster(name, [[0, 0], [1, 0], [1, 0.1f]], 0.5f)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_face_has_one_group_named_by_a_face_and_the_same_again(string name) => Rows.Sample(
        rows =>
        {
            int[] labels = Cluster(name, rows, 0.8f, neighbours: 5);
            Assert.Equal(rows.Length, labels.Length);
            Assert.All(labels, label => Assert.InRange(label, 0, rows.Length - 1));
            Assert.Equal(labels, Cluster(name, rows, 0.8f, neighbours: 5));
        },
        iter: 100);

    [Theory]
    [InlineData("density")]
    [InlineData("average-link")]
    public void The_order_of_faces_does_not_matter(string name) => Gen.Select(Rows, Gen.ULong).Sample(
        (rows, seed) =>
        {
            int[] order = [.. Enumerable.Range(0, rows.Length)];
            new CountedRandom(seed).Shuffle<int>(order);
            int[] straight = Cluster(name, rows, 0.8f, neighbours: 7);
            int[] shuffled = Cluster(name, [.. order.Select(i => rows[i])], 0.8f, neighbours: 7);
            Assert.Equal(SomePeople.Canonical([.. order.Select(i => straight[i])]), SomePeople.Canonical(shuffled));
        },
        iter: 200);

    [Theory]
    [MemberData(nameof(Names))]
    public void Ends_when_told_to(string name)
    {
        (float[][] rows, _) = SomePeople.Draw([20, 20]);

        Assert.ThrowsAny<OperationCanceledException>(
            () => FaceClusterings.Create(new ClusteringOptions { Algorithm = name }).Cluster(new FaceVectors(rows), 0.5f, null, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Wrong_options_are_named()
    {
        Assert.Contains("'chinese-whispers'", Wrong(new ClusteringOptions { Algorithm = "chinese-wispers" }), StringComparison.Ordinal);
        Assert.Contains("1.5", Wrong(new ClusteringOptions { Threshold = 1.5 }), StringComparison.Ordinal);
        Assert.Contains("NaN", Wrong(new ClusteringOptions { Threshold = double.NaN }), StringComparison.Ordinal);
        Assert.Contains("neighbours", Wrong(new ClusteringOptions { Neighbours = 0 }), StringComparison.Ordinal);
        Assert.Contains("size", Wrong(new ClusteringOptions { MinSize = 0 }), StringComparison.Ordinal);

        static string Wrong(ClusteringOptions options) => Assert.Throws<UsageException>(() => FaceClusterings.Create(options)).Message;
    }

    [Fact]
    public void Embeddings_of_different_lengths_or_without_sense_are_refused()
    {
        Assert.Contains("Embedding 1", Assert.Throws<ArgumentException>(() => new FaceVectors([[1, 2], [1]])).Message, StringComparison.Ordinal);
        Assert.Contains("Embedding 0", Assert.Throws<ArgumentException>(() => new FaceVectors([[1, float.NaN]])).Message, StringComparison.Ordinal);
    }

    private static int[] Cluster(string name, float[][] rows, float threshold, int neighbours = 80) =>
        FaceClusterings.Create(new ClusteringOptions { Algorithm = name, Neighbours = neighbours }).Cluster(new FaceVectors(rows), threshold);
}
