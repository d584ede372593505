using Semblance.Data;
using Semblance.Training.Backbones;
using Semblance.Training.Configuration;
using Semblance.Training.Loop.Watching;
using Semblance.Training.Native;
using Semblance.Training.Objectives;
using Semblance.Training.Optimisation;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Loop;

/// <summary>One update: forward, loss, backward, clip, optimise.</summary>
internal sealed class TrainingStep(
    Backbone backbone, Objective objective, GradientOptimizer optimizer, StageConfig stage, Precision precision, int inputSize) : IDisposable
{
    private readonly WeightChange _change = new(optimizer);
    private readonly bool _frozen = stage.BackboneIsFrozen;

    /// <summary>Runs one update.</summary>
    /// <param name="batch">The batch; its buffer must live until this returns.</param>
    /// <param name="learningRate">The schedule's rate.</param>
    /// <param name="step">The step's number, for messages.</param>
    /// <param name="measures">What to measure on the way; the update is the same whatever is asked.</param>
    /// <returns>The loss, its figures and the measures.</returns>
    /// <exception cref="SemblanceException">The loss or the gradient is not finite; no weight was changed.</exception>
    public StepOutcome Run(FaceBatch batch, double learningRate, long step, StepMeasures measures)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor pixels = frombuffer(batch.Pixels, ScalarType.Float32, (long)batch.Count * 3 * inputSize * inputSize)
            .reshape(batch.Count, 3, inputSize, inputSize);
        Tensor labels = tensor(batch.Labels.AsSpan(0, batch.Count).ToArray());
        Tensor samples = tensor(Array.ConvertAll(batch.Indices, index => (long)index));
        Tensor embeddings = Embed(ChannelsLast.Of(pixels));
        ObjectiveValue value = objective.Evaluate(embeddings, labels, samples);
        double loss = value.Loss.to(ScalarType.Float64).item<double>();
        if (!double.IsFinite(loss))
        {
            throw NotFinite("the loss", loss, learningRate, step);
        }

        value.Loss.backward();
        double? norm = stage.ClipNorm > 0 ? GradientNorm.Clip(optimizer, stage.ClipNorm)
            : measures.HasFlag(StepMeasures.GradientNorm) ? GradientNorm.Of(optimizer)
            : null;
        if (norm is { } gradient && !double.IsFinite(gradient))
        {
            throw NotFinite("the gradient's norm", gradient, learningRate, step);
        }

        double? ratio = Update(learningRate, measures.HasFlag(StepMeasures.WeightChange));
        optimizer.ClearGradients();
        return new StepOutcome(loss, value.Figures)
        {
            TargetAngles = value.TargetAngles,
            GradientNorm = norm,
            UpdateRatio = ratio,
            Embeddings = measures.HasFlag(StepMeasures.Embeddings) ? EmbeddingStatistics.Of(embeddings) : null,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _change.Dispose();

    private double? Update(double learningRate, bool measured)
    {
        if (!measured)
        {
            optimizer.Step(learningRate);
            return null;
        }

        _change.Begin();
        optimizer.Step(learningRate);
        return _change.End();
    }

    private Tensor Embed(Tensor images)
    {
        using Autocast? mixed = precision == Precision.Bfloat16 ? Autocast.BFloat16() : null;
        if (!_frozen)
        {
            return backbone.forward(images);
        }

        using IDisposable guard = no_grad();
        return backbone.forward(images);
    }

    private SemblanceException NotFinite(string what, double value, double learningRate, long step) => new(
        string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"step {step + 1}: {what} is {value} with loss {stage.Loss} at learning rate {learningRate:g4}; most likely the rate is too high: lower lr, lengthen warmup_epochs or set clip_norm. The last checkpoint is from before this step: change the config and start a new run with --init."));
}
