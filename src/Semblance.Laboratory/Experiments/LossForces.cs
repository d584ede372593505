using Semblance.Training.Objectives;

namespace Semblance.Laboratory.Experiments;

/// <summary>
/// The force that a loss exerts along a pair against their distance, or on a length, by back-propagation through the registered objective
/// with its defaults. Which kind of force a loss has follows from what its objective is made of, so that a loss is drawn by being registered.
/// </summary>
public static class LossForces
{
    private const double Nothing = 1e-12;
    private const double Same = 1e-6;

    /// <summary>The distances of the partner that does not move.</summary>
    public static IReadOnlyList<double> Partners { get; } = [0.4, 0.8, 1.2];

    /// <summary>The distances of the one that moves; they avoid those of the partner.</summary>
    public static IReadOnlyList<double> Distances { get; } = [.. Enumerable.Range(0, 98).Select(i => Math.Round(0.01 + (0.02 * i), 2))];

    /// <summary>The lengths at which a force on a length is measured, where 1 is that of all others.</summary>
    public static IReadOnlyList<double> Lengths { get; } = [.. Enumerable.Range(1, 80).Select(i => Math.Round(0.025 * i, 3))];

    /// <summary>The registered losses with such a force, in the registry's order: all but those that bend a target logit (<see cref="MarginCurves"/>).</summary>
    public static IReadOnlyList<string> Names() => [.. ObjectiveRegistry.Names.Except(MarginCurves.Names())];

    /// <summary>Measures one loss.</summary>
    /// <param name="loss">Its registered name.</param>
    /// <exception cref="UsageException">There is no loss of that name, it has a target-logit curve instead, or it has no force of any known kind.</exception>
    public static LossForce Measure(string loss)
    {
        using var scene = new ForceScene(loss);
        foreach (ForceKind kind in scene.Kinds)
        {
            LossForce force = kind is ForceKind.EmbeddingLength or ForceKind.CentreLength
                ? new LossForce(loss, kind, scene.Summed, null, OnLength(scene, kind))
                : new LossForce(
                    loss,
                    kind,
                    scene.Summed,
                    Along(partner => [.. Distances.Select(d => scene.Between(kind, partner, d).Push)]),
                    Along(partner => [.. Distances.Select(d => scene.Between(kind, d, partner).Pull)]));
            if (force.Push is not null || force.Pull is not null)
            {
                return force;
            }
        }

        throw new UsageException($"The loss '{loss}' exerts no force of a kind that is known here: it needs a kind of its own in {nameof(ForceScene)}.");
    }

    private static ForceCurves? Along(Func<double, double[]> measure)
    {
        double[][] heights = [.. Partners.Select(measure)];
        double highest = heights.SelectMany(curve => curve).Max(Math.Abs);
        bool depends = heights[1..].Any(curve => curve.Zip(heights[0]).Any(pair => Math.Abs(pair.First - pair.Second) > Same * highest));
        return highest < Nothing ? null
            : new ForceCurves(Distances, depends ? [.. Partners.Zip(heights, (partner, curve) => new ForceCurve(partner, curve))] : [new ForceCurve(null, heights[0])]);
    }

    private static ForceCurves? OnLength(ForceScene scene, ForceKind kind)
    {
        double[] heights = [.. Lengths.Select(length => scene.OnLength(kind, length))];
        return heights.Max(Math.Abs) < Nothing ? null : new ForceCurves(Lengths, [new ForceCurve(null, heights)]);
    }
}
