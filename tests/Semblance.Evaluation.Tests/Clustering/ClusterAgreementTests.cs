using Semblance.Evaluation.Clustering;

namespace Semblance.Evaluation.Tests.Clustering;

public sealed class ClusterAgreementTests
{
    [Theory]
    [InlineData(InformationMean.Arithmetic)]
    [InlineData(InformationMean.Geometric)]
    [InlineData(InformationMean.Maximum)]
    public void IsOneForTheSamePartitionUnderOtherNames(InformationMean mean)
    {
        var agreement = new ClusterAgreement([0, 0, 1, 1, 2, 2], [5, 5, 9, 9, 1, 1]);
        Assert.Equal(1, agreement.Normalised(mean), 12);
        Assert.Equal(1, agreement.Adjusted(mean), 12);
    }

    [Fact]
    public void AveragesToZeroOverAllShufflesOfTheClusters()
    {
        // Every order of six photos: what chance gives, exactly.
        int[] labels = [0, 0, 0, 1, 1, 2];
        double[] adjusted = [.. Orders([4, 4, 7, 7, 7, 9]).Select(clusters => new ClusterAgreement(labels, clusters).Adjusted())];
        Assert.Equal(720, adjusted.Length);
        Assert.Equal(0, adjusted.Average(), 12);
        Assert.True(Orders([4, 4, 7, 7, 7, 9]).Average(clusters => new ClusterAgreement(labels, clusters).Normalised()) > 0.2);
    }

    [Fact]
    public void IsZeroWhereOneClusterHoldsAll()
    {
        var agreement = new ClusterAgreement([0, 0, 1, 1], [3, 3, 3, 3]);
        Assert.Equal(0, agreement.Normalised(), 12);
        Assert.Equal(0, agreement.Adjusted(), 12);
    }

    [Fact]
    public void IsOneWhereBothAreOneCluster() => Assert.Equal(1, new ClusterAgreement([2, 2], [4, 4]).Adjusted());

    [Fact]
    public void RefusesCountsThatDisagree() => Assert.Throws<ArgumentException>(() => new ClusterAgreement([1, 2], [1]));

    private static IEnumerable<int[]> Orders(int[] values) => values.Length == 1
        ? [values]
        : Enumerable.Range(0, values.Length).SelectMany(i => Orders([.. values[..i], .. values[(i + 1)..]]).Select(rest => (int[])[values[i], .. rest]));
}
