using System.Text.Json;
using Semblance.Evaluation.Protocols;
using Semblance.Evaluation.Verification;
using Semblance.Models;
using Semblance.Training.Configuration;
using Semblance.Training.Loop;
using Semblance.Training.Native;

namespace Semblance.Laboratory.Comparing;

/// <summary>
/// Trains the same network with several losses and seeds, tests each run on the same pairs of people whom none was trained on, and writes what came out:
/// <c>index.html</c> and <c>comparison.json</c>. Everything is kept in one folder; a comparison that was stopped or killed goes on where it was when it is
/// run again, and one that has finished can be given further losses or seeds.
/// </summary>
public sealed class Comparison
{
    private readonly ComparisonPlan _plan;
    private readonly IRunTraining _training;
    private readonly ComparisonFolder _folder;

    /// <summary>Prepares a comparison; nothing is read or written before <see cref="Run"/>.</summary>
    /// <param name="plan">What is compared.</param>
    /// <param name="training">How a run is trained.</param>
    public Comparison(ComparisonPlan plan, IRunTraining training)
    {
        ArgumentNullException.ThrowIfNull(plan);
        (_plan, _training, _folder) = (plan with { Base = plan.Base with { Data = plan.Base.Data.Length > 0 ? Path.GetFullPath(plan.Base.Data) : "" } }, training, new ComparisonFolder(Path.GetFullPath(plan.Folder)));
    }

    /// <summary>The runs that are finished and kept.</summary>
    public int Finished { get; private set; }

    /// <summary>The page.</summary>
    public string PagePath => _folder.PagePath;

    /// <summary>Trains what is not trained yet, tests what is not tested yet, and reports.</summary>
    /// <param name="progress">Told of each run, and of what its training says.</param>
    /// <param name="cancellationToken">Has the run in hand write a checkpoint, and stops.</param>
    /// <returns>What came out.</returns>
    /// <exception cref="UsageException">The plan does not hold, or the folder holds runs of other settings.</exception>
    /// <exception cref="SemblanceException">Data cannot be read, or every run failed.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; finished runs are kept.</exception>
    public ComparisonReport Run(IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        _plan.Validate();
        NativeRuntime.Configure(_plan.Base.Threads);
        Finished = 0;
        using ComparisonPairs pairs = ComparisonPairs.Prepare(_plan, _folder, progress, cancellationToken);
        IReadOnlyList<ComparedRun> runs = _plan.Runs();
        foreach (ComparedRun run in runs)
        {
            ComparisonFolder.Fix(_folder.ConfigOf(run), TrainingConfigFile.ToYaml(_plan.ConfigOf(run, _folder.ExcludePath)));
        }

        List<RunResult> results = [];
        foreach (ComparedRun run in runs)
        {
            var reporter = new RunProgress(progress, results.Count, runs.Count, run);
            reporter.Report("");
            RunResult result = ComparisonJson.Read<RunResult>(_folder.ResultOf(run)) ?? One(run, pairs, reporter, cancellationToken);
            results.Add(result);
            Finished += result.Finished ? 1 : 0;
        }

        progress?.Report(new WorkProgress("comparing", runs.Count, runs.Count, "runs"));
        ComparisonReport report = ComparisonReport.Of(_plan, pairs, results);
        ComparisonJson.Write(_folder.JsonPath, report);
        ComparisonPage.Of(report).Write(_folder.PagePath);
        return report;
    }

    private RunResult One(ComparedRun run, ComparisonPairs pairs, RunProgress reporter, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var folder = new RunFolder(_folder.RunOf(run));
        RunCost cost = ComparisonJson.Read<RunCost>(_folder.CostOf(run)) ?? new RunCost(0, 0, 0);

        // A summary is the last thing that a training writes.
        if (!File.Exists(folder.SummaryPath))
        {
            TrainingAttempt attempt = _training.Train(_folder.ConfigOf(run), folder.Path, reporter, cancellationToken);
            cost = new RunCost(cost.Seconds + attempt.Seconds, Math.Max(cost.PeakMemory, attempt.PeakMemory), cost.Processes + 1);
            ComparisonJson.Write(_folder.CostOf(run), cost);
            if (attempt.Stopped)
            {
                throw new OperationCanceledException(cancellationToken);
            }

            if (attempt.Failure is { } failure)
            {
                // Not written down: when the comparison is run again this run gets another chance.
                return new RunResult { Loss = run.Loss.Label, Seed = run.Seed, Run = folder.Path, Failure = failure, Seconds = cost.Seconds, PeakMemory = cost.PeakMemory, Processes = cost.Processes };
            }
        }

        RunResult result = Test(run, folder, pairs, cost, reporter, cancellationToken);
        ComparisonJson.Write(_folder.ResultOf(run), result);
        return result;
    }

    private static RunResult Test(ComparedRun run, RunFolder folder, ComparisonPairs pairs, RunCost cost, RunProgress reporter, CancellationToken cancellationToken)
    {
        reporter.Report("testing");
        using IFaceEmbedder model = folder.OpenEmbedder();
        VerificationReport figures = VerificationEvaluator.Evaluate(pairs.Dataset, pairs.Pairs, model, null, null, cancellationToken);
        var rule = new BestScoreRule();
        var thresholds = figures.Folds.ToDictionary(fold => fold.Fold, fold => fold.Threshold);
        TrainingSummary summary = Summary(folder);
        OperatingPoint point = figures.TarAtFar["1e-2"];
        return new RunResult
        {
            Loss = run.Loss.Label,
            Seed = run.Seed,
            Run = folder.Path,
            Accuracy = figures.Accuracy,
            Auc = figures.Auc,
            Eer = figures.Eer,
            TarAtFar2 = point.Supported ? point.Tar : null,
            Decisions = string.Concat(figures.ScoredPairs.Select(pair => rule.Accept(pair.Score, thresholds[pair.Fold]) == pair.Same ? '1' : '0')),
            Steps = summary.Steps,
            ImagesPerSecond = summary.ImagesPerSecond,
            Seconds = cost.Seconds,
            PeakMemory = cost.PeakMemory,
            Processes = cost.Processes,
        };
    }

    private static TrainingSummary Summary(RunFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingSummary>(File.ReadAllText(folder.SummaryPath))!;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{folder.SummaryPath}: cannot be read: {e.Message} Delete {folder.Path} to have the run made again.", e);
        }
    }

    private sealed class RunProgress(IProgress<WorkProgress>? progress, int done, int total, ComparedRun run) : IProgress<string>
    {
        public void Report(string value) =>
            progress?.Report(new WorkProgress("comparing", done, total, "runs", $"{run.Loss.Label}, seed {run.Seed}{(value.Length > 0 ? ": " + value : "")}"));
    }
}
