using Semblance.Laboratory.Experiments;
using Semblance.Laboratory.Runs;

namespace Semblance.Laboratory.Figures;

/// <summary>The figures that belong together: what a command of the laboratory draws, and all of them for the page.</summary>
public static class LaboratoryFigures
{
    /// <summary>The curves of margin-based losses, as three figures; for a single loss its own against softmax.</summary>
    /// <param name="losses">Registered names; all that have a curve where none is given.</param>
    /// <param name="scaled">Whether the target logits are multiplied by their scales.</param>
    /// <exception cref="UsageException">There is no loss of a name, or it has no curve.</exception>
    public static IReadOnlyList<IFigure> Curves(IReadOnlyCollection<string> losses, bool scaled = false)
    {
        ArgumentNullException.ThrowIfNull(losses);
        if (losses.Count == 1)
        {
            return [new LossCurveFigure(losses.Single(), scaled)];
        }

        IReadOnlyList<MarginCurve> curves = MarginCurves.Measure(losses);
        string arguments = losses.Count > 0 ? $" --losses {string.Join(',', losses)}" : "";
        return
        [
            new MarginCurveFigure(curves, MarginQuantity.Logit, arguments, scaled),
            new MarginCurveFigure(curves, MarginQuantity.Slope, arguments),
            new MarginCurveFigure(curves, MarginQuantity.LossGradient, arguments),
        ];
    }

    /// <summary>A figure for the page of each loss that has a curve.</summary>
    public static IReadOnlyList<IFigure> EachCurve() => [.. MarginCurves.Names().Select(loss => new LossCurveFigure(loss))];

    /// <summary>The dimensions for which q(d) is drawn where none are given.</summary>
    public static IReadOnlyList<int> UsualDimensions { get; } = [4, 16, 128, 512];

    /// <summary>Where negatives fall, and how sure their gradient is.</summary>
    /// <param name="dimensions">For which q(d) is drawn.</param>
    /// <param name="embeddings">What is sampled from.</param>
    /// <param name="seed">Which batches, pairs and noise.</param>
    /// <param name="arguments">The arguments of the command that named the embeddings, for the captions.</param>
    public static IReadOnlyList<IFigure> Sampling(IReadOnlyList<int> dimensions, IdentityEmbeddings embeddings, ulong seed, string arguments) =>
    [
        new SphereDistancesFigure(dimensions),
        new SampledNegativesFigure(embeddings, seed, arguments),
        new GradientVarianceFigure(embeddings, seed, arguments),
    ];

    /// <summary>The gradient of pairwise losses against distance.</summary>
    public static IReadOnlyList<IFigure> Tuples() => [new PairGradientFigure()];

    /// <summary>What each loss makes of a few people in a plane: trains one small network with each.</summary>
    /// <param name="losses">Which losses; the usual ones where none are given.</param>
    /// <param name="options">What the trainings have in common.</param>
    /// <param name="arguments">The arguments of the command, for the caption.</param>
    /// <param name="progress">Told of each step.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static IReadOnlyList<IFigure> Plane(
        IReadOnlyList<LossChoice> losses, PlaneOptions options, string arguments, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(losses);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        IReadOnlyList<LossChoice> trained = losses.Count == 0 ? PlaneExperiment.UsualLosses(options) : PlaneExperiment.Fitted(losses, options);
        IReadOnlyList<PlaneResult> results = PlaneExperiment.Run(trained, options, progress, cancellationToken);
        return [new PlaneFigure(results, options, seen: true, arguments), new PlaneFigure(results, options, seen: false, arguments)];
    }

    /// <summary>The angles of a run's samples to their own class's centres.</summary>
    /// <param name="run">The run's folder.</param>
    /// <exception cref="SemblanceException">The run has written none.</exception>
    public static IReadOnlyList<IFigure> Margin(string run)
    {
        RunAngles angles = RunAngles.Read(run);
        return [new TargetAngleFigure(angles), new AngleZonesFigure(angles)];
    }

    /// <summary>A figure of the forces of each loss that bends no target logit.</summary>
    /// <param name="losses">Registered names; all such losses where none is given.</param>
    /// <exception cref="UsageException">There is no loss of a name, or it bends a target logit.</exception>
    public static IReadOnlyList<IFigure> EachForce(params IReadOnlyCollection<string> losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        return [.. (losses.Count > 0 ? losses : LossForces.Names()).Select(loss => new LossForceFigure(loss))];
    }

    /// <summary>What the page shows. Further figures are added here.</summary>
    /// <param name="embeddings">What sampling is studied on.</param>
    /// <param name="seed">Which batches, pairs and noise.</param>
    /// <param name="arguments">The arguments of the command that named the embeddings, for the captions.</param>
    public static IReadOnlyList<LaboratorySection> Page(IdentityEmbeddings embeddings, ulong seed, string arguments) =>
    [
        new LaboratorySection(
            "Margins",
            "A margin-based loss bends the logit of the own class. How it bends it, how steeply, and what an embedding feels of it.",
            Curves([])),
        new LaboratorySection(
            "Distances and sampling",
            "A pairwise loss learns from the pairs it is shown. Where pairs lie, which of them each strategy takes, and how far their gradient can be trusted.",
            Sampling(UsualDimensions, embeddings, seed, arguments)),
        new LaboratorySection(
            "Pairs and triplets",
            "What a pairwise loss does with the pairs it is shown.",
            Tuples()),
        new LaboratorySection(
            "Loss by loss",
            "Each loss with its defaults, as on the loss's page: what it makes of the target logit, or the force with which it pushes and pulls.",
            [.. EachCurve(), .. EachForce()]),
    ];
}
