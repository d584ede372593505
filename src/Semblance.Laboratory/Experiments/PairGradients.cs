using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Experiments;

/// <summary>
/// How strongly a pairwise loss pushes a negative away and pulls a positive near, over their distance from the anchor: the registered loss is evaluated
/// on a batch of an anchor, a positive and a negative at chosen distances and back-propagated. Embeddings are not normalised, so that the
/// gradient is the loss's alone (Wu et al. 2017, §4.2).
/// </summary>
public static class PairGradients
{
    /// <summary>d(a, p) while the negative moves.</summary>
    public const double PositiveDistance = 0.5;

    /// <summary>d(a, n) while the positive moves.</summary>
    public const double NegativeDistance = 0.8;

    /// <summary>The distances of the pair that moves.</summary>
    public static IReadOnlyList<double> Distances { get; } = [.. Enumerable.Range(1, 140).Select(i => Math.Round(i * 0.01, 2))];

    private static readonly (string Label, string Loss, (string Key, object? Value)[] Parameters)[] Table =
    [
        ("contrastive", "contrastive", [("distance", "euclidean")]),
        ("triplet, squared distance", "triplet", [("distance", "squared"), ("miner", "all")]),
        ("triplet, true distance", "triplet", [("distance", "euclidean"), ("miner", "all")]),
        ("margin", "margin", [("miner", "each-pair"), ("beta_scope", "fixed")]),
        // Its own mean, which takes either order of the pair and so leaves ½J².
        ("lifted", "lifted", [("reduction", "mean-all")]),
    ];

    /// <summary>Measures all losses of the figure.</summary>
    public static IReadOnlyList<PairGradient> Measure() => [.. Table.Select(row => Measure(row.Label, row.Loss, row.Parameters))];

    /// <summary>Measures one loss.</summary>
    /// <param name="label">What to call it.</param>
    /// <param name="loss">Its registered name.</param>
    /// <param name="parameters">Parameters that differ from its defaults, beside normalise: false and reduction: sum.</param>
    public static PairGradient Measure(string label, string loss, params IReadOnlyList<(string Key, object? Value)> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Dictionary<string, object?> given = new() { ["normalise"] = false, ["reduction"] = "sum" };
        foreach ((string key, object? value) in parameters)
        {
            given[key] = value;
        }

        using Objective objective = ObjectiveRegistry.Create(loss, given, new ObjectiveContext(ClassCount: 2, EmbeddingSize: 2, Seed: 1) { SampleCount = 3, Labels = [0, 0, 1] });
        objective.to(ScalarType.Float64);
        return new PairGradient(
            label,
            loss,
            Distances,
            [.. Distances.Select(d => Forces(objective, PositiveDistance, d).Push)],
            [.. Distances.Select(d => Forces(objective, d, NegativeDistance).Pull)]);
    }

    // Anchor at the origin, positive and negative at right angles from it. The gradient at the negative is a sum of forces along the lines from anchor and
    // positive to it, which are no multiples of each other: that along the line from the anchor is told apart by solving for both.
    private static (double Push, double Pull) Forces(Objective objective, double positive, double negative)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor batch = tensor(new[,] { { 0, 0 }, { positive, 0 }, { 0, negative } }).requires_grad_(true);
        ObjectiveValue value = objective.Evaluate(batch, tensor(new long[] { 0, 0, 1 }), arange(3, ScalarType.Int64));
        double[] gradient = autograd.grad([value.Loss], [batch])[0].data<double>().ToArray();
        // Anchor–negative is the second axis; only the line positive–negative reaches along the first, and brings −negative/positive times as much along the second.
        double push = -(gradient[5] + (gradient[4] * negative / positive));
        double pull = gradient[2] + (gradient[3] * positive / negative);
        return (push, pull);
    }
}

/// <summary>The gradient that a loss gives the pairs of a triplet.</summary>
/// <param name="Label">The loss, with what tells it from its siblings.</param>
/// <param name="Loss">Its registered name.</param>
/// <param name="Distances">The distance of the pair that moves.</param>
/// <param name="Push">At the negative, away from the anchor, over d(a, n), with d(a, p) at <see cref="PairGradients.PositiveDistance"/>.</param>
/// <param name="Pull">At the positive, towards the anchor, over d(a, p), with d(a, n) at <see cref="PairGradients.NegativeDistance"/>.</param>
public sealed record PairGradient(string Label, string Loss, IReadOnlyList<double> Distances, IReadOnlyList<double> Push, IReadOnlyList<double> Pull);
