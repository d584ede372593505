namespace Semblance.Laboratory.Comparing;

/// <summary>What a comparison came to.</summary>
public sealed record ComparisonReport
{
    /// <summary>The losses, best first; those without a finished run last.</summary>
    public required IReadOnlyList<ComparedLoss> Losses { get; init; }

    /// <summary>The paired test between the best two; null where there are no two with a seed in common.</summary>
    public required PairedComparison? BestTwo { get; init; }

    /// <summary>Every run, in the order in which they were made.</summary>
    public required IReadOnlyList<RunResult> Runs { get; init; }

    /// <summary>The training data.</summary>
    public required string Data { get; init; }

    /// <summary>The backbone's name.</summary>
    public required string Backbone { get; init; }

    /// <summary>Epochs of a run, all stages together.</summary>
    public required int Epochs { get; init; }

    /// <summary>The seeds.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>Pairs that each run was tested on.</summary>
    public required int Pairs { get; init; }

    /// <summary>Folds of these pairs.</summary>
    public required int Folds { get; init; }

    /// <summary>People of these pairs; none was trained on.</summary>
    public required int PeopleTested { get; init; }

    /// <summary>Where the pairs come from.</summary>
    public required string PairsSource { get; init; }

    /// <summary>Whether there is one fold only, so that each threshold was chosen on the pairs that it is tested on and accuracies are upper bounds.</summary>
    public bool Optimistic => Folds == 1;

    /// <summary>Puts results together.</summary>
    /// <exception cref="SemblanceException">Every run failed.</exception>
    internal static ComparisonReport Of(ComparisonPlan plan, ComparisonPairs pairs, IReadOnlyList<RunResult> results)
    {
        if (results.All(result => !result.Finished))
        {
            throw new SemblanceException($"every run failed; the first one ({results[0].Loss}, seed {results[0].Seed}) with: {results[0].Failure}");
        }

        ComparedLoss[] losses =
        [
            .. plan.Losses.Select(loss => ComparedLoss.Of(loss.Label, [.. results.Where(result => result.Loss == loss.Label)]))
                .OrderByDescending(loss => loss.Accuracy ?? double.NegativeInfinity),
        ];
        return new ComparisonReport
        {
            Losses = losses,
            BestTwo = PairedComparison.OfBestTwo(losses, results, [.. pairs.Pairs.Pairs.Select(pair => pair.Fold)]),
            Runs = results,
            Data = plan.Base.Data,
            Backbone = plan.Base.Backbone,
            Epochs = plan.Base.Stages.Sum(stage => stage.Epochs),
            Seeds = [.. results.Select(result => result.Seed).Distinct()],
            Pairs = pairs.Pairs.Pairs.Count,
            Folds = pairs.Pairs.Folds,
            PeopleTested = pairs.People,
            PairsSource = plan.Pairs ?? $"drawn from people held out of {plan.Base.Data}",
        };
    }
}

/// <summary>What a loss came to, over its seeds.</summary>
public sealed record ComparedLoss
{
    /// <summary>The loss with its parameters.</summary>
    public required string Loss { get; init; }

    /// <summary>Runs that came to figures.</summary>
    public required int Finished { get; init; }

    /// <summary>Runs that failed.</summary>
    public required int Failed { get; init; }

    /// <summary>Mean accuracy over the seeds, 0…1; null where no run came to figures, as are all that follow.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Sample standard deviation (ddof 1) of the accuracy over the seeds; null for one.</summary>
    public double? AccuracyDeviation { get; init; }

    /// <summary>The lowest accuracy of a seed.</summary>
    public double? LowestAccuracy { get; init; }

    /// <summary>The highest accuracy of a seed.</summary>
    public double? HighestAccuracy { get; init; }

    /// <summary>Mean area under the ROC curve.</summary>
    public double? Auc { get; init; }

    /// <summary>Mean equal error rate.</summary>
    public double? Eer { get; init; }

    /// <summary>Mean TAR at FAR 1e-2; null where the pairs are too few to measure it.</summary>
    public double? TarAtFar2 { get; init; }

    /// <summary>Mean wall time of a run, in seconds.</summary>
    public double? Seconds { get; init; }

    /// <summary>Mean images per second of the training steps.</summary>
    public double? ImagesPerSecond { get; init; }

    /// <summary>The most memory that a run had resident at one time, in bytes.</summary>
    public long? PeakMemory { get; init; }

    internal static ComparedLoss Of(string loss, IReadOnlyList<RunResult> results)
    {
        RunResult[] finished = [.. results.Where(result => result.Finished)];
        var told = new ComparedLoss { Loss = loss, Finished = finished.Length, Failed = results.Count - finished.Length };
        if (finished.Length == 0)
        {
            return told;
        }

        double[] accuracies = [.. finished.Select(result => result.Accuracy)];
        double mean = accuracies.Average();
        return told with
        {
            Accuracy = mean,
            AccuracyDeviation = accuracies.Length > 1 ? Math.Sqrt(accuracies.Sum(a => (a - mean) * (a - mean)) / (accuracies.Length - 1)) : null,
            LowestAccuracy = accuracies.Min(),
            HighestAccuracy = accuracies.Max(),
            Auc = finished.Average(result => result.Auc),
            Eer = finished.Average(result => result.Eer),
            TarAtFar2 = finished.All(result => result.TarAtFar2 is not null) ? finished.Average(result => result.TarAtFar2) : null,
            Seconds = finished.Average(result => result.Seconds),
            ImagesPerSecond = finished.Average(result => result.ImagesPerSecond),
            PeakMemory = finished.Max(result => result.PeakMemory),
        };
    }
}
