using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Semblance.Data;
using Semblance.Models;
using Semblance.Training.Backbones;
using Semblance.Training.Configuration;
using Semblance.Training.Loop.Watching;
using Semblance.Training.Native;
using Semblance.Training.Objectives;
using Semblance.Training.Optimisation;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Loop;

/// <summary>
/// One stage: its objective, optimiser and average, and the loop over epochs and batches. Data order and augmentation follow from
/// (seed, epoch over all stages, position), so the loop may start at any position.
/// </summary>
internal sealed class StageRun : IDisposable
{
    // glibc's aligned allocations fragment; trimming costs page faults afterwards, so not each step.
    private const int StepsBetweenTrims = 100;

    private readonly StageContext _context;
    private readonly StageConfig _stage;
    private readonly int _index;
    private readonly StageSampler _sampler;
    private readonly FrozenTrunk? _frozenTrunk;
    private readonly Objective _objective;
    private readonly GradientOptimizer _optimizer;
    private readonly WeightAverage? _average;
    private readonly TrainingStep _step;
    private readonly LearningRateSchedule _schedule;
    private readonly MarginWarmUp _warmUp;
    private readonly StageWatch _watch;

    public StageRun(StageContext context, int index)
    {
        TrainingConfig config = context.Config;
        (_context, _stage, _index) = (context, config.Stages[index], index);
        _sampler = new StageSampler(context, _stage);

        // Each stage draws from a stream of its own, whatever the stage before has used up.
        ulong seed = config.Seed + ((ulong)index << 32);
        manual_seed((long)seed);
        _objective = ObjectiveRegistry.Create(
            _stage.Loss,
            _stage.LossParameters,
            new ObjectiveContext(context.Faces.Identities.Count, config.EmbeddingSize, seed)
            {
                SampleCount = context.Faces.Count,
                Labels = context.Faces.Labels,
            });
        _frozenTrunk = _stage.BackboneLrFactor == 0 && !_stage.BackboneIsFrozen ? new FrozenTrunk(context.Backbone) : null;
        ParameterGroup[] groups =
        [
            .. BackboneGroups(context.Backbone, _stage),
            .. WeightDecayGroups.Split(_objective, "objective.", _stage.ObjectiveLrFactor, _stage.WeightDecay, _stage.DecayEverything),
        ];
        _optimizer = _stage.Optimizer == OptimizerKind.Adamw
            ? new AdamW(groups)
            : new MomentumSgd(
                groups, _stage.Momentum, _stage.Nesterov, SelfUpdatingPart.Of(_objective, _stage.ObjectiveLrFactor, _stage.WeightDecay));
        _average = config.Ema > 0 ? new WeightAverage(context.Backbone, config.Ema) : null;
        _step = new TrainingStep(context.Backbone, _objective, _optimizer, _stage, config.Precision, config.InputSize);
        _schedule = new LearningRateSchedule
        {
            Rate = _stage.Lr,
            TotalSteps = (long)_stage.Epochs * _sampler.BatchesPerEpoch,
            WarmupSteps = (long)Math.Round(_stage.WarmupEpochs * _sampler.BatchesPerEpoch),
            Decay = _stage.Schedule,
            FinalFraction = _stage.FinalLrFraction,
            Power = _stage.PolynomialPower,
            StepsAt = _stage.StepsAt,
            StepFactor = _stage.StepFactor,
        };
        _warmUp = new MarginWarmUp((long)Math.Round(_stage.AutoWarmUp * _sampler.BatchesPerEpoch));
        _watch = new StageWatch(StageFacts.Of(_stage, _objective, _schedule, _warmUp.Steps, context.Faces.Identities.Count));
    }

    /// <summary>Takes up the state of a checkpoint of this stage.</summary>
    public void Restore(Checkpoint.LoadedCheckpoint checkpoint)
    {
        checkpoint.Restore(_context.Backbone, _objective, _optimizer, _average);
        try
        {
            if (checkpoint.Watch is { } watch)
            {
                _watch.Restore(watch);
            }
        }
        catch (JsonException e)
        {
            throw new SemblanceException($"{checkpoint.Path}: the state of the watch over training cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Runs from a position to the end of the stage.</summary>
    /// <returns>The position at which the next stage starts.</returns>
    public TrainingPosition Run(TrainingPosition position, CancellationToken cancellationToken)
    {
        _context.Log.Write($"stage {_index}: {_stage.Loss}, {_stage.Epochs} epochs of {_sampler.BatchesPerEpoch} batches of {_sampler.BatchSize}");
        var loader = new BatchLoader(
            _context.Faces, _context.Config.Preprocessing(), _context.Config.Augmentation, _context.Config.Seed, _context.Config.LoaderWorkers);
        while (position.Epoch < _stage.Epochs)
        {
            position = RunEpoch(loader, position, cancellationToken);
            bool last = position.Epoch == _stage.Epochs - 1;
            position = Deploy(position, last, cancellationToken);
            position = last
                ? position with { Epoch = _stage.Epochs, Batch = 0 }
                : position with { Epoch = position.Epoch + 1, Batch = 0 };
            SaveCheckpoint(position);
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (_average is not null)
        {
            // What was averaged is what the next stage goes on from.
            CopyAverageIntoBackbone(_average);
        }

        return position with { Stage = _index + 1, Epoch = 0, Batch = 0, Plan = [] };
    }

    public void Dispose()
    {
        _optimizer.ClearGradients();
        _average?.Dispose();
        _step.Dispose();
        _optimizer.Dispose();
        _objective.Dispose();
        _frozenTrunk?.Dispose();
    }

    private static IEnumerable<ParameterGroup> BackboneGroups(Backbone backbone, StageConfig stage)
    {
        if (stage.EmbeddingLrFactor is not { } ofLastLayer)
        {
            return WeightDecayGroups.Split(backbone, "backbone.", stage.BackboneLrFactor, stage.WeightDecay, stage.DecayEverything);
        }

        IReadOnlyList<ParameterGroup> trunk = WeightDecayGroups.Split(
            backbone, "backbone.", stage.BackboneLrFactor, stage.WeightDecay, stage.DecayEverything, name => !backbone.IsOfLastLayer(name));
        return trunk.Concat(WeightDecayGroups.Split(
            backbone, "backbone.", ofLastLayer, stage.WeightDecay, stage.DecayEverything, backbone.IsOfLastLayer));
    }

    private TrainingPosition RunEpoch(BatchLoader loader, TrainingPosition position, CancellationToken cancellationToken)
    {
        TrainingConfig config = _context.Config;
        int epochOverAll = config.Stages.Take(_index).Sum(stage => stage.Epochs) + position.Epoch;
        (int[][] batches, position) = _sampler.Begin(position, epochOverAll, _objective, cancellationToken);
        long firstStep = (long)position.Epoch * batches.Length;
        SetTrainingMode();
        var coverage = new ClassCoverage(batches, _context.Faces.Labels, _context.Faces.Identities.Count);
        _watch.BeginEpoch(coverage, resumed: position.Batch > 0);
        using IEnumerator<FaceBatch> reader = loader.Read(epochOverAll, batches, position.Batch, CancellationToken.None).GetEnumerator();
        for (int index = position.Batch; index < batches.Length; index++)
        {
            long started = Stopwatch.GetTimestamp();
            _ = reader.MoveNext();
            using FaceBatch batch = reader.Current;
            long gotBatch = Stopwatch.GetTimestamp();
            double rate = _schedule.At(firstStep + index);
            double margin = Ease(firstStep + index);
            StepOutcome outcome = _step.Run(batch, rate, position.Step, StageWatch.Wanted(firstStep + index));
            _average?.Update(_optimizer.Steps);
            position = position with { Step = position.Step + 1, Batch = index + 1 };
            _context.Clock.Add(started, gotBatch, batch.Count, outcome.Loss);
            Warn(_watch.Add(firstStep + index, outcome, rate, margin, batch.Labels.AsSpan(0, batch.Count)), position.Step, epochOverAll);
            coverage.CountTo(index + 1);
            Report(position, epochOverAll, outcome.Loss, rate, coverage, last: index == batches.Length - 1);
            if (position.Step % StepsBetweenTrims == 0)
            {
                NativeRuntime.TrimHeap();
            }

            bool stopped = cancellationToken.IsCancellationRequested;
            if (stopped || (config.CheckpointEverySteps > 0 && position.Step % config.CheckpointEverySteps == 0 && index < batches.Length - 1))
            {
                SaveCheckpoint(position);
            }

            if (stopped)
            {
                _context.Log.Write(string.Create(CultureInfo.InvariantCulture, $"stopped at step {position.Step}"));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        EndEpoch(position.Step, epochOverAll);
        return position;
    }

    private double Ease(long stageStep)
    {
        double fraction = _warmUp.At(stageStep);
        if (_warmUp.Steps > 0)
        {
            _ = _objective.Anneal(fraction);
        }

        return fraction;
    }

    private void EndEpoch(long step, int epochOverAll)
    {
        Warn(_watch.Look(), step, epochOverAll);
        if (!_watch.Angles.IsEmpty)
        {
            var bins = new JsonArray([.. _watch.Angles.Counts.Select(count => (JsonNode)count)]);
            _context.Metrics.WriteValues("target_angles", step, _index, epochOverAll + 1, ("bins", bins));
        }
    }

    private void Warn(IReadOnlyList<(string Condition, string Message)> said, long step, int epochOverAll)
    {
        foreach ((string condition, string message) in said)
        {
            _context.Warn(new TrainingWarning(condition, step, _index, epochOverAll + 1, message));
        }
    }

    private void SetTrainingMode()
    {
        if (_stage.BackboneLrFactor == 0)
        {
            // A frozen trunk keeps its running statistics too.
            _context.Backbone.eval();
        }
        else
        {
            _context.Backbone.train();
        }

        _objective.train();
    }

    private void Report(TrainingPosition position, int epochOverAll, double loss, double rate, ClassCoverage coverage, bool last)
    {
        StageConfig[] stages = [.. _context.Config.Stages];
        int epochs = stages.Sum(stage => stage.Epochs);
        long total = position.Step + ((long)_sampler.BatchesPerEpoch * (epochs - epochOverAll)) - position.Batch;
        _context.Progress?.Report(new WorkProgress(
            string.Create(CultureInfo.InvariantCulture, $"epoch {epochOverAll + 1}/{epochs}"),
            position.Step * _sampler.BatchSize,
            total * _sampler.BatchSize,
            "images",
            string.Create(CultureInfo.InvariantCulture, $"{_stage.Loss} {loss:F3}")));
        if (last || position.Step % _context.Config.LogEverySteps == 0)
        {
            IEnumerable<KeyValuePair<string, double>> line = _context.Clock.CloseWindow().Append(new(WatchFigures.LearningRate, rate));
            _context.Metrics.Write(
                "train", position.Step, _index, epochOverAll + 1,
                line.Concat(_watch.CloseLogWindow()).Append(new(WatchFigures.IdentitiesSeen, coverage.Met)));
        }
    }

    private TrainingPosition Deploy(TrainingPosition position, bool last, CancellationToken cancellationToken)
    {
        RequireFiniteWeights(position.Step);
        StageContext context = _context;
        context.Deployed.Take(_average is null ? context.Backbone.state_dict() : _average.Tensors);
        ModelCard card = context.Deployed.Card(context.Config.Preprocessing(), _stage.Loss, context.Faces.Fingerprint);
        if (context.Validator is null)
        {
            context.Deployed.Save(context.Run.ModelPath, card);
            return position;
        }

        if (!last && (position.Epoch + 1) % context.Config.ValidateEveryEpochs != 0)
        {
            return position;
        }

        using TorchFaceEmbedder embedder = context.Deployed.Embedder(card);
        ModelValidation validation = context.Validator.Validate(embedder, cancellationToken);
        int epochOverAll = context.Config.Stages.Take(_index).Sum(stage => stage.Epochs) + position.Epoch;
        context.Metrics.Write("validation", position.Step, _index, epochOverAll + 1, validation.Figures.Prepend(new("score", validation.Score)));
        context.Log.Write(string.Create(CultureInfo.InvariantCulture, $"epoch {epochOverAll + 1}: validation score {validation.Score:F4}"));
        if (position.BestValidation is { } best && validation.Score <= best)
        {
            return position;
        }

        context.Deployed.Save(context.Run.ModelPath, card);
        return position with { BestValidation = validation.Score };
    }

    private void SaveCheckpoint(TrainingPosition position)
    {
        RequireFiniteWeights(position.Step);
        Checkpoint.Save(_context.Run.CheckpointPath, _context.Backbone, _objective, _optimizer, _average, position, _watch.Save());
    }

    private void RequireFiniteWeights(long step)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        foreach ((string name, Tensor tensor) in _context.Backbone.state_dict())
        {
            if (tensor.is_floating_point() && !tensor.isfinite().all().item<bool>())
            {
                throw new SemblanceException($"step {step}: the weights '{name}' are no longer finite; most likely the learning rate is too high. The last good checkpoint stands: {_context.Run.CheckpointPath}.");
            }
        }
    }

    private void CopyAverageIntoBackbone(WeightAverage average)
    {
        using IDisposable guard = no_grad();
        foreach ((string name, Tensor target) in _context.Backbone.state_dict())
        {
            _ = target.copy_(average.Tensors[name]);
        }
    }
}
