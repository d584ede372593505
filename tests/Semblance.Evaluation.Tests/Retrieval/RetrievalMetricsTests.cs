using Semblance.Evaluation.Retrieval;

namespace Semblance.Evaluation.Tests.Retrieval;

public sealed class RetrievalMetricsTests
{
    [Fact]
    public void RanksEachPhotoAmongAllOthers()
    {
        // On a line: 0 and 3 are one person, 1 and 9 another, 20 is alone.
        RetrievalReport report = RetrievalMetrics.Evaluate([[0], [3], [1], [9], [20]], [0, 0, 1, 1, 2], [1, 2, 3]);
        // Ranks of the one hit: from 0 (1, 3): 2; from 3 (1, 0): 2; from 1 (0, 3, 9): 3; from 9 (3, 1): 2.
        Assert.Equal((4, 1), (report.Queries, report.LoneQueries));
        Assert.Equal([0, 0.75, 1], [report.RecallAt[1], report.RecallAt[2], report.RecallAt[3]]);
        Assert.Equal(0.6, report.RecallCountingLone(2), 12);
        Assert.Equal(((3 * 0.5) + (1.0 / 3)) / 4, report.MeanReciprocalRank, 12);
        Assert.Equal((0, 0), (report.RPrecision, report.MapAtR));
        Assert.Equal(report.MeanReciprocalRank, report.MeanAveragePrecision, 12);
    }

    [Fact]
    public void EarnsNothingByConstantEmbeddings()
    {
        RetrievalReport report = RetrievalMetrics.Evaluate([[1], [1], [1], [1]], [0, 0, 1, 1], [1, 2, 3]);
        Assert.Equal([0, 0, 1], [report.RecallAt[1], report.RecallAt[2], report.RecallAt[3]]);
    }

    [Fact]
    public void IsOneForSeparateClasses()
    {
        RetrievalReport report = RetrievalMetrics.Evaluate([[0], [1], [2], [50], [51]], [7, 7, 7, 3, 3], [1]);
        Assert.Equal([1, 1, 1, 1, 1], [report.RecallAt[1], report.MapAtR, report.RPrecision, report.MeanAveragePrecision, report.MeanReciprocalRank]);
    }

    [Fact]
    public void SaysThatThereIsNothingToFind() =>
        Assert.Contains("two photos", Assert.Throws<SemblanceException>(() => RetrievalMetrics.Evaluate([[0], [1]], [0, 1], [1])).Message, StringComparison.Ordinal);

    [Fact]
    public void RefusesCountsThatDisagree() => Assert.Throws<ArgumentException>(() => RetrievalMetrics.Evaluate([[0], [1]], [0], [1]));
}
