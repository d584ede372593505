using Semblance.Data;
using Semblance.Training.Backbones;
using Semblance.Training.Configuration;
using Semblance.Training.Native;
using Semblance.Training.Objectives;
using Semblance.Training.Optimisation;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Loop;

/// <summary>One update: forward, loss, backward, clip, optimise.</summary>
internal sealed class TrainingStep(
    Backbone backbone, Objective objective, GradientOptimizer optimizer, StageConfig stage, Precision precision, int inputSize)
{
    private readonly bool _frozen = stage.BackboneIsFrozen;

    /// <summary>Runs one update.</summary>
    /// <param name="batch">The batch; its buffer must live until this returns.</param>
    /// <param name="learningRate">The schedule's rate.</param>
    /// <param name="step">The step's number, for messages.</param>
    /// <returns>The loss and its figures.</returns>
    /// <exception cref="SemblanceException">The loss or the gradient is not finite; no weight was changed.</exception>
    public (double Loss, IReadOnlyDictionary<string, double> Figures) Run(FaceBatch batch, double learningRate, long step)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor pixels = frombuffer(batch.Pixels, ScalarType.Float32, (long)batch.Count * 3 * inputSize * inputSize)
            .reshape(batch.Count, 3, inputSize, inputSize);
        Tensor labels = tensor(batch.Labels.AsSpan(0, batch.Count).ToArray());
        Tensor samples = tensor(Array.ConvertAll(batch.Indices, index => (long)index));
        ObjectiveValue value = objective.Evaluate(Embed(ChannelsLast.Of(pixels)), labels, samples);
        double loss = value.Loss.to(ScalarType.Float64).item<double>();
        if (!double.IsFinite(loss))
        {
            throw NotFinite("the loss", loss, learningRate, step);
        }

        value.Loss.backward();
        if (stage.ClipNorm > 0)
        {
            double norm = GradientNorm.Clip(optimizer.Parameters, stage.ClipNorm);
            if (!double.IsFinite(norm))
            {
                throw NotFinite("the gradient's norm", norm, learningRate, step);
            }
        }

        optimizer.Step(learningRate);
        optimizer.ClearGradients();
        return (loss, value.Figures);
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
