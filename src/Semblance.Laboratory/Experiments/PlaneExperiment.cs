using Semblance.Training.Objectives;
using Semblance.Training.Optimisation;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Experiments;

/// <summary>
/// The toy experiment by which papers show what a loss does to embeddings (Wen et al. 2016, figures 2 and 3; Liu et al. 2016, figure 2; Deng et al. 2019,
/// figure 3): one small network with an embedding of two numbers, trained with each loss on the same photos in the same batches, from the same weights, for
/// the same number of steps at the same rates.
/// </summary>
public static class PlaneExperiment
{
    private const double Rate = 2e-3;
    private const double WeightDecay = 5e-4;
    private const double ClipNorm = 5;
    private const int WarmUp = 50;

    /// <summary>The losses that are compared where none are asked for.</summary>
    /// <param name="options">The trainings.</param>
    public static IReadOnlyList<LossChoice> UsualLosses(PlaneOptions options) => PlaneLosses.Usual(options);

    /// <summary>Fits choices to the plane: what they do not say is set as so few people in two dimensions need it.</summary>
    /// <param name="losses">The choices.</param>
    /// <param name="options">The trainings.</param>
    public static IReadOnlyList<LossChoice> Fitted(IReadOnlyList<LossChoice> losses, PlaneOptions options) => [.. losses.Select(loss => PlaneLosses.Fitted(loss, options))];

    /// <summary>Trains and measures.</summary>
    /// <param name="losses">With which losses.</param>
    /// <param name="options">What the trainings have in common.</param>
    /// <param name="progress">Told of each step.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>A result for each loss.</returns>
    /// <exception cref="UsageException">An option is out of range.</exception>
    /// <exception cref="SemblanceException">A loss is not finite.</exception>
    public static IReadOnlyList<PlaneResult> Run(
        IReadOnlyList<LossChoice> losses, PlaneOptions options, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        using var faces = new PlaneFaces(options, progress, cancellationToken);
        return [.. losses.Select((loss, index) => Train(loss, $"training {index + 1} of {losses.Count}: {loss.Label}", faces, options, progress, cancellationToken))];
    }

    private static PlaneResult Train(
        LossChoice loss, string stage, PlaneFaces faces, PlaneOptions options, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        using var network = new PlaneNetwork(options.Seed);
        using Objective objective = loss.Create(new ObjectiveContext(options.Identities, 2, options.Seed)
        {
            SampleCount = options.Identities * PlaneFaces.TrainingPhotos,
            Labels = [.. Enumerable.Range(0, options.Identities * PlaneFaces.TrainingPhotos).Select(photo => photo / PlaneFaces.TrainingPhotos)],
        });
        using var optimizer = new AdamW(
        [
            .. WeightDecayGroups.Split(network, "network.", 1, WeightDecay, decayEverything: false),
            .. WeightDecayGroups.Split(objective, "objective.", 1, WeightDecay, decayEverything: false),
        ]);
        var schedule = new LearningRateSchedule { Rate = Rate, TotalSteps = options.Steps, WarmupSteps = Math.Min(WarmUp, options.Steps / 4) };
        network.train();
        objective.train();
        for (int step = 0; step < options.Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double value = Step(network, objective, optimizer, faces, step, schedule.At(step));
            if (!double.IsFinite(value))
            {
                throw new SemblanceException($"{loss.Label}: the loss is {value} at step {step + 1}; give it a smaller scale or margin.");
            }

            progress?.Report(new WorkProgress(stage, step + 1, options.Steps, "steps"));
        }

        network.eval();
        using IDisposable guard = no_grad();
        return new PlaneResult(loss.Label, Look(faces.Seen), Look(faces.Unseen));

        PlanePoints Look(Tensor photos)
        {
            using Tensor points = network.call(photos);
            return PlanePoints.Of(points.data<float>().ToArray(), PlaneFaces.ShownPhotos);
        }
    }

    private static double Step(PlaneNetwork network, Objective objective, AdamW optimizer, PlaneFaces faces, int step, double rate)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor images, Tensor labels, Tensor samples) = faces.Batch(step);
        Tensor loss = objective.Evaluate(network.call(images), labels, samples).Loss;
        double value = loss.to(ScalarType.Float64).item<double>();
        if (double.IsFinite(value))
        {
            loss.backward();
            GradientNorm.Clip(optimizer, ClipNorm);
            optimizer.Step(rate);
            optimizer.ClearGradients();
        }

        return value;
    }
}
