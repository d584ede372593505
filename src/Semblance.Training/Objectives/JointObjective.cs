using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Objectives;

/// <summary>One part of a joint objective.</summary>
/// <param name="Name">Its name within the sum, for figures and checkpoints; no dots.</param>
/// <param name="Objective">The part; owned by the joint objective from then on.</param>
/// <param name="Weight">Its weight.</param>
public sealed record JointPart(string Name, Objective Objective, IWeightSchedule Weight);

/// <summary>
/// A weighted sum of objectives, for example identification + λ·verification (Sun et al. 2014, "Deep Learning Face Representation by Joint
/// Identification-Verification"). Figures are those of the parts under "part.figure", with "part.loss" (unweighted) and "part.weight".
/// The number of training steps that weights may depend on is a buffer, so that a checkpoint holds it.
/// </summary>
public sealed class JointObjective : Objective
{
    private readonly IReadOnlyList<JointPart> _parts;
    // Named as a checkpoint holds it.
    private readonly Tensor steps;

    /// <summary>Joins the parts.</summary>
    /// <param name="name">The name of the sum.</param>
    /// <param name="parts">At least one; names are distinct.</param>
    public JointObjective(string name, IReadOnlyList<JointPart> parts)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentOutOfRangeException.ThrowIfZero(parts.Count, nameof(parts));
        if (parts.Select(p => p.Name).Distinct(StringComparer.Ordinal).Count() != parts.Count)
        {
            throw new UsageException($"Two parts of the joint objective '{name}' have the same name; each needs its own.");
        }

        _parts = parts;
        steps = zeros(1, ScalarType.Int64);
        RegisterComponents();
        foreach (JointPart part in parts)
        {
            register_module(part.Name, part.Objective);
        }
    }

    /// <summary>Training steps evaluated so far.</summary>
    public long Steps => steps.item<long>();

    /// <inheritdoc/>
    public override bool Anneal(double fraction)
    {
        bool eased = false;
        foreach (JointPart part in _parts)
        {
            eased |= part.Objective.Anneal(fraction);
        }

        return eased;
    }

    /// <inheritdoc/>
    public override ObjectiveValue Evaluate(Tensor embeddings, Tensor labels, Tensor? samples = null)
    {
        using DisposeScope scope = NewDisposeScope();
        long step = Steps;
        Tensor? sum = null;
        Dictionary<string, double> figures = [];
        float[]? angles = null;
        foreach (JointPart part in _parts)
        {
            double weight = part.Weight.At(step);
            ObjectiveValue value = part.Objective.Evaluate(embeddings, labels, samples);
            Tensor weighted = value.Loss * weight;
            sum = sum is null ? weighted : sum + weighted;
            figures[$"{part.Name}.loss"] = value.Loss.detach().to_type(ScalarType.Float64).item<double>();
            figures[$"{part.Name}.weight"] = weight;
            angles ??= value.TargetAngles;
            foreach ((string figure, double number) in value.Figures)
            {
                figures[$"{part.Name}.{figure}"] = number;
            }
        }

        if (training)
        {
            steps.add_(1);
        }

        return new ObjectiveValue(sum!.MoveToOuterDisposeScope(), figures) { TargetAngles = angles };
    }
}
