using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Semblance.Data;
using Semblance.IO;
using Semblance.Training.Backbones;
using Semblance.Training.Configuration;
using Semblance.Training.Loop.Watching;
using Semblance.Training.Native;
using Semblance.Training.Objectives;
using Semblance.Training.Sampling;
using Semblance.Training.Weights;
using static TorchSharp.torch;

namespace Semblance.Training.Loop;

/// <summary>Runs the stages of a config over a folder of faces, into a run folder that can be resumed, validated and exported.</summary>
public sealed class Trainer
{
    private readonly TrainingConfig _config;
    private readonly RunFolder _run;
    private readonly IModelValidator? _validator;

    /// <summary>Prepares a run; nothing is read or written before <see cref="Run"/>.</summary>
    /// <param name="config">The resolved config.</param>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="validator">Judges the weights after epochs, or null.</param>
    public Trainer(TrainingConfig config, string runFolder, IModelValidator? validator = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        (_config, _run, _validator) = (config, new RunFolder(runFolder), validator);
    }

    /// <summary>Told of what the watch over training has to say, besides the run's log and metrics; null for nobody.</summary>
    public IProgress<TrainingWarning>? Warnings { get; init; }

    /// <summary>Trains to the end of the last stage.</summary>
    /// <param name="resume">True to go on from the folder's last checkpoint (from the start where there is none yet).</param>
    /// <param name="progress">Told of each step.</param>
    /// <param name="cancellationToken">Stops after the step in hand; a checkpoint is written first.</param>
    /// <returns>What was trained.</returns>
    /// <exception cref="UsageException">The folder holds another run, or the config does not fit the data.</exception>
    /// <exception cref="SemblanceException">The data or a checkpoint cannot be read, or the loss is not finite.</exception>
    /// <exception cref="OperationCanceledException">Training was stopped; the run can be resumed.</exception>
    public TrainingSummary Run(bool resume, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        RequireKnownNames();
        using FileStream guard = ClaimFolder(resume);
        using var log = new RunLog(_run.LogPath);
        NativeRuntime.Configure(_config.Threads);

        // Images beyond the cache are decoded again in every epoch, so the source stays open.
        using FaceDataset dataset = FaceDataset.Open(
            _config.Data, new FaceDatasetOptions { ExcludedIdentities = IdentityList.Read(_config.ExcludeIdentities) });
        PreparedFaces faces = PrepareFaces(dataset, log, progress, cancellationToken);
        using Backbone backbone = CreateBackbone(out DeployedWeights deployed);
        using DeployedWeights deployedWeights = deployed;
        using Checkpoint.LoadedCheckpoint? checkpoint = resume && File.Exists(_run.CheckpointPath) ? Checkpoint.Load(_run.CheckpointPath) : null;
        TrainingPosition position = checkpoint?.Position ?? new TrainingPosition { DataFingerprint = faces.Fingerprint };
        if (position.DataFingerprint != faces.Fingerprint)
        {
            throw new SemblanceException($"{_config.Data}: is not the training set that {_run.Path} was started with (its files have changed); restore them or start a new run.");
        }

        log.Write(string.Create(CultureInfo.InvariantCulture,
            $"{faces.Count} images of {faces.Identities.Count} identities; {backbone.RegisteredName} with {Parameters(backbone)} parameters; stage {position.Stage}, epoch {position.Epoch}, step {position.Step}"));
        AtomicFile.WriteText(_run.IdentitiesPath, string.Concat(faces.Identities.Select(name => name + "\n")));

        var clock = new StepClock();
        using (var metrics = new MetricsLog(_run.MetricsPath, _run.EventsPath, position.Step))
        {
            var context = new StageContext(_config, _run, faces, backbone, deployed, _validator, metrics, log, clock, progress, Warnings);
            for (int stage = position.Stage; stage < _config.Stages.Count; stage++)
            {
                using var stageRun = new StageRun(context, stage);
                if (stage == checkpoint?.Position.Stage)
                {
                    stageRun.Restore(checkpoint);
                }

                position = RunStage(stageRun, position, log, cancellationToken);
            }
        }

        log.Write(string.Create(CultureInfo.InvariantCulture, $"finished at step {position.Step}; {clock.ImagesPerSecond:F0} images/s, {clock.WaitShare:P1} of the time waiting for data"));
        return Summarise(faces, backbone, position, clock, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static TrainingPosition RunStage(StageRun stage, TrainingPosition position, RunLog log, CancellationToken cancellationToken)
    {
        try
        {
            return stage.Run(position, cancellationToken);
        }
        catch (SemblanceException e)
        {
            log.Write($"failed: {e.Message}");
            throw;
        }
    }

    // A mistyped name or parameter is told before the data is read and a folder is made.
    private void RequireKnownNames()
    {
        BackboneRegistry.Create(_config.Backbone, _config.EmbeddingSize, _config.InputSize, _config.Dropout).Dispose();
        foreach ((int index, StageConfig stage) in _config.Stages.Index())
        {
            SamplerRegistry.Check(stage.Sampler.Name, stage.Sampler.Parameters, stage.ImagesPerIdentity);
            using Objective objective = ObjectiveRegistry.Create(stage.Loss, stage.LossParameters, new ObjectiveContext(2, _config.EmbeddingSize, _config.Seed));
            if (stage.AutoWarmUp > 0 && !objective.Anneal(1))
            {
                throw new UsageException($"The loss '{stage.Loss}' has neither a margin nor hard tuples that a warm-up could ease; leave auto_warm_up out of that stage.");
            }

            bool updatesItself = Optimisation.SelfUpdatingPart.Of(objective, 1, 0).Count > 0;
            if (updatesItself && stage.Optimizer != OptimizerKind.Sgd)
            {
                throw new UsageException($"The loss '{stage.Loss}' has a class_layer that updates itself by momentum SGD, and optimizer is adamw; give optimizer: sgd, or class_layer: dense.");
            }

            if (stage.BackboneIsFrozen && !updatesItself && !objective.parameters().Any(parameter => parameter.requires_grad))
            {
                throw new UsageException($"stages.{index}: nothing would learn: backbone_lr_factor is 0 and the loss '{stage.Loss}' has no parameters of its own; set embedding_lr_factor to 1 to train the last layer, or backbone_lr_factor above 0.");
            }
        }
    }

    private FileStream ClaimFolder(bool resume)
    {
        string yaml = TrainingConfigFile.ToYaml(_config);
        if (File.Exists(_run.ConfigPath))
        {
            // A run that failed before its first checkpoint (a mistyped path, say) has nothing to lose: it may be started anew.
            if (!resume && File.Exists(_run.CheckpointPath))
            {
                throw new UsageException($"{_run.Path}: holds a run already; go on with it by --resume, or choose another --out.");
            }

            if (resume)
            {
                RequireSameConfig(yaml);
            }
        }
        else if (Directory.Exists(_run.Path) && Directory.EnumerateFileSystemEntries(_run.Path).Any(entry => Path.GetFileName(entry) != "run.lock"))
        {
            throw new UsageException($"{_run.Path}: is not empty and holds no run; choose another --out.");
        }

        try
        {
            Directory.CreateDirectory(_run.Path);
            var guard = new FileStream(_run.LockPath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            AtomicFile.WriteText(_run.ConfigPath, yaml);
            return guard;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{_run.Path}: cannot be used: {e.Message} If another process trains there, wait for it or choose another --out.", e);
        }
    }

    private void RequireSameConfig(string yaml)
    {
        string saved = TrainingConfigFile.ToYaml(_run.ReadConfig());
        if (saved == yaml)
        {
            return;
        }

        (string was, string now) = saved.Split('\n').Zip(yaml.Split('\n')).FirstOrDefault(pair => pair.First != pair.Second, (First: saved, Second: yaml));
        throw new UsageException($"{_run.Path}: was started with '{was.Trim()}', now '{now.Trim()}' is asked; resume with the same values, or start a new run with --init {_run.Path}.");
    }

    private PreparedFaces PrepareFaces(FaceDataset dataset, RunLog log, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        PreparedFaces faces = PreparedFaces.Prepare(
            dataset, _config.Preprocessing(), (long)_config.CacheMegabytes << 20, _config.MinImages, progress, cancellationToken);
        foreach (UnreadableImage image in faces.Unreadable)
        {
            log.Write($"left out: {image.Path}: {image.Reason}");
        }

        return faces.Identities.Count >= 2
            ? faces
            : throw new SemblanceException($"{_config.Data}: training needs at least 2 identities with {_config.MinImages} or more readable images each, and found {faces.Identities.Count}; min_images says how many images an identity must have.");
    }

    private Backbone CreateBackbone(out DeployedWeights deployed)
    {
        deployed = new DeployedWeights(BackboneRegistry.Create(_config.Backbone, _config.EmbeddingSize, _config.InputSize));
        return StartingModel.Create(_config);
    }

    private TrainingSummary Summarise(PreparedFaces faces, Backbone backbone, TrainingPosition position, StepClock clock, double seconds)
    {
        string fingerprint;
        using (SafetensorsContent content = SafetensorsFile.Read(_run.ModelPath))
        {
            fingerprint = Models.ModelCard.FromMetadata(content.Metadata, _run.ModelPath).ModelFingerprint;
        }

        var summary = new TrainingSummary
        {
            Run = _run.Path,
            Identities = faces.Identities.Count,
            Images = faces.Count,
            Unreadable = faces.Unreadable.Count,
            Parameters = Parameters(backbone),
            Steps = position.Step,
            Epochs = _config.Stages.Sum(stage => stage.Epochs),
            FinalLoss = clock.WindowLoss,
            BestValidation = position.BestValidation,
            TrainingSeconds = clock.Seconds,
            Seconds = seconds,
            ImagesPerSecond = clock.ImagesPerSecond,
            DataWaitShare = clock.WaitShare,
            Model = _run.ModelPath,
            ModelFingerprint = fingerprint,
        };
        AtomicFile.WriteText(_run.SummaryPath, JsonSerializer.Serialize(summary, JsonOptions) + "\n");
        return summary;
    }

    private static readonly JsonSerializerOptions JsonOptions = new() { WriteIndented = true };

    private static long Parameters(Backbone backbone) => backbone.parameters().Sum(parameter => parameter.numel());
}
