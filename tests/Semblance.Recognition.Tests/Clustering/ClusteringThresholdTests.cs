using Semblance.Models;
using Semblance.Recognition.Clustering;

namespace Semblance.Recognition.Tests.Clustering;

public sealed class ClusteringThresholdTests
{
    [Fact]
    public void The_models_threshold_is_raised_until_strangers_become_rare()
    {
        // z(1e-3) = 3.0902; z(2 · 2 / 10,000²) = 5.3671: tanh(artanh(0.335) · 5.3671 / 3.0902) = 0.5407
        ClusteringThreshold threshold = For(10_000, 2, ("fmr=1e-3", 0.335), ("eer", 0.2));

        Assert.Equal(0.5407, threshold.Value, 0.0005);
        Assert.Contains("fmr=1e-3", threshold.Origin, StringComparison.Ordinal);
        Assert.Contains("10,000 faces", threshold.Origin, StringComparison.Ordinal);
    }

    [Fact]
    public void It_rises_with_the_faces_stays_a_cosine_and_is_never_lowered()
    {
        double[] values = [.. ((int[])[1, 10, 1000, 100_000, 10_000_000]).Select(faces => For(faces, 2, ("fmr=1e-3", 0.9)).Value)];

        Assert.Equal(values.Order(), values);
        Assert.All(values, value => Assert.InRange(value, 0.9, 0.9999));
        Assert.Equal(new ClusteringThreshold(0.4, "fmr=1e-3 of the model"), For(50, 2, ("fmr=1e-3", 0.4)));
    }

    [Fact]
    public void The_strictest_rate_counts_and_the_equal_error_rate_where_there_is_none()
    {
        Assert.Contains("fmr=1e-4", For(1000, 2, ("fmr=1e-2", 0.2), ("fmr=1e-4", 0.4), ("fmr=1e-3", 0.3)).Origin, StringComparison.Ordinal);
        Assert.Equal(new ClusteringThreshold(0.28, "eer of the model"), For(1000, 2, ("eer", 0.28), ("best", 0.3)));
        Assert.Equal(ClusteringThreshold.WithoutCard, For(1000, 2, ("best", 0.3)).Value);
    }

    private static ClusteringThreshold For(int faces, double strangers, params (string Name, double Value)[] thresholds) =>
        ClusteringThreshold.For(new TinyModel().Card with { Thresholds = thresholds.ToDictionary(t => t.Name, t => t.Value) }, faces, strangers);
}
