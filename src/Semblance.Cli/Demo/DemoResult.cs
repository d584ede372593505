using Semblance.Evaluation.Verification;

namespace Semblance.Cli.Demo;

/// <summary>What a demo measured; every figure comes from that run. Its JSON is what <c>demo --json</c> prints.</summary>
internal sealed record DemoResult
{
    /// <summary>The demo's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The HTML report.</summary>
    public required string Report { get; init; }

    /// <summary>The training run.</summary>
    public required string Run { get; init; }

    /// <summary>The exported model.</summary>
    public required string Model { get; init; }

    /// <summary>The gallery.</summary>
    public required string Gallery { get; init; }

    /// <summary>The seed of faces, weights and order.</summary>
    public required ulong Seed { get; init; }

    /// <summary>People trained on.</summary>
    public required int TrainingIdentities { get; init; }

    /// <summary>Images trained on.</summary>
    public required int TrainingImages { get; init; }

    /// <summary>People measured on; none of them was trained on.</summary>
    public required int UnseenIdentities { get; init; }

    /// <summary>Passes over the training images.</summary>
    public required int Epochs { get; init; }

    /// <summary>Training steps per second times batch, loading and augmentation included.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Seconds of training.</summary>
    public required double TrainingSeconds { get; init; }

    /// <summary>The exported model's figures.</summary>
    public required VerificationReport Verification { get; init; }

    /// <summary>People in the gallery.</summary>
    public required long Enrolled { get; init; }

    /// <summary>Probes identified.</summary>
    public required int Probes { get; init; }

    /// <summary>Area under the ROC curve of the exported model.</summary>
    public required double Auc { get; init; }

    /// <summary>Equal error rate of the exported model.</summary>
    public required double Eer { get; init; }

    /// <summary>Verification accuracy of the exported model on unseen people.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Verification accuracy of the weights that training started from.</summary>
    public required double UntrainedAccuracy { get; init; }

    /// <summary>Verification accuracy of the raw pixels.</summary>
    public required double PixelAccuracy { get; init; }

    /// <summary>The largest difference between embeddings of the run and of its file.</summary>
    public required double ExportMaxAbsDiff { get; init; }

    /// <summary>The share of probes whose nearest person is the right one.</summary>
    public required double Rank1 { get; init; }

    /// <summary>Wall time of the whole demo.</summary>
    public required double Seconds { get; init; }
}
