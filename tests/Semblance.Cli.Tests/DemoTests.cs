using Semblance.Cli.Demo;
using Semblance.Training.Native;

namespace Semblance.Cli.Tests;

public sealed class DemoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void ASmallDemoMeasuresAllItsFiguresAndWritesItsReport()
    {
        NativeRuntime.Configure(2);
        var plan = new DemoPlan { TrainingIdentities = 20, TrainingImages = 6, UnseenIdentities = 12, UnseenImages = 6, Folds = 3, PairsPerFold = 20, Epochs = 1, Batch = 30, EmbeddingSize = 32 };
        DemoFolder folder = DemoFolder.Create(_folder["demo"]);

        DemoResult result = DemoRun.Run(plan, folder, new Progress<WorkProgress>(), CancellationToken.None);

        Assert.InRange(result.ExportMaxAbsDiff, 0, 1e-4);
        Assert.InRange(result.Accuracy, 0.4, 1);
        Assert.InRange(result.UntrainedAccuracy, 0.4, 1);
        Assert.InRange(result.PixelAccuracy, 0.4, 1);
        Assert.NotEqual(result.Accuracy, result.UntrainedAccuracy);
        Assert.InRange(result.Rank1, 1.0 / 12, 1);
        Assert.Equal(36, result.Probes);
        Assert.Equal(12, result.Enrolled);
        Assert.Equal(120, result.Verification.Pairs);
        Assert.Contains("Training loss", File.ReadAllText(result.Report), StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatHoldsSomethingIsRefused()
    {
        File.WriteAllText(_folder["something"], "");

        UsageException e = Assert.Throws<UsageException>(() => DemoFolder.Create(_folder.Path));
        Assert.Contains(_folder.Path, e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
