using Semblance.Training.Configuration;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using Semblance.Training.Optimisation;

namespace Semblance.Training.Loop.Watching;

/// <summary>What the watch must know of a stage beside its figures.</summary>
internal sealed record StageFacts
{
    private const int FewestWindowSteps = 10;
    private const int MostWindowSteps = 100;
    private const int WindowsInAStage = 20;

    /// <summary>The loss's name.</summary>
    public required string Loss { get; init; }

    /// <summary>Number of identities.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Steps of the stage.</summary>
    public required long TotalSteps { get; init; }

    /// <summary>Steps in which the learning rate rises.</summary>
    public long RateWarmUpSteps { get; init; }

    /// <summary>Steps in which the margin rises; 0 for none.</summary>
    public long MarginWarmUpSteps { get; init; }

    /// <summary>The learning rate after its warm-up.</summary>
    public required double Rate { get; init; }

    /// <summary>The bound of the gradient's norm; 0 for none.</summary>
    public double ClipNorm { get; init; }

    /// <summary>Whether the trunk stays as it is.</summary>
    public bool TrunkFrozen { get; init; }

    /// <summary>The objective's parameter 'margin', or null where it has none.</summary>
    public double? Margin { get; init; }

    /// <summary>What a triplet costs whose distances are equal: α, or ln(1 + e^α) with the soft margin; null for other losses.</summary>
    public double? CostOfEqualDistances { get; init; }

    /// <summary>Whether the triplet's soft margin is used, with which every triplet costs something.</summary>
    public bool SoftMargin { get; init; }

    /// <summary>Whether logits are cosines times a scale.</summary>
    public bool ClassifiesByCosine { get; init; }

    /// <summary>Whether the loss is cross-entropy over the inner products with the centres, which guessing brings to ln C.</summary>
    public bool ClassifiesByProduct { get; init; }

    /// <summary>Steps of a window: a twentieth of the stage, from 10 to 100.</summary>
    public int WindowSteps => (int)Math.Clamp(TotalSteps / WindowsInAStage, FewestWindowSteps, MostWindowSteps);

    /// <summary>Gathers the facts.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="objective">Its objective.</param>
    /// <param name="schedule">Its learning rate.</param>
    /// <param name="marginWarmUpSteps">Steps in which the margin rises.</param>
    /// <param name="classCount">Number of identities.</param>
    public static StageFacts Of(StageConfig stage, Objective objective, LearningRateSchedule schedule, long marginWarmUpSteps, int classCount)
    {
        IReadOnlyList<ObjectiveParameter> parameters = ObjectiveRegistry.Describe(stage.Loss).Parameters;
        double? margin = Value<double?>("margin");
        bool? soft = Value<bool?>("soft_margin");
        double softMargin = stage.LossParameters.ContainsKey("margin") ? margin ?? 0 : 0;
        var softmax = objective as MarginSoftmaxObjective;
        return new StageFacts
        {
            Loss = stage.Loss,
            ClassCount = classCount,
            TotalSteps = schedule.TotalSteps,
            RateWarmUpSteps = schedule.WarmupSteps,
            MarginWarmUpSteps = marginWarmUpSteps,
            Rate = schedule.Rate,
            ClipNorm = stage.ClipNorm,
            TrunkFrozen = stage.BackboneLrFactor == 0,
            Margin = margin,
            SoftMargin = soft == true,
            CostOfEqualDistances = soft is null ? null : soft.Value ? Math.Log(1 + Math.Exp(softMargin)) : margin,
            ClassifiesByCosine = softmax is { Curve: { NormalisesEmbeddings: true, NormalisesCentres: true } },
            ClassifiesByProduct = softmax is { Curve: SoftmaxLogit },
        };

        T? Value<T>(string name)
        {
            ObjectiveParameter? parameter = parameters.FirstOrDefault(known => known.Name == name);
            object? value = parameter is null ? null
                : stage.LossParameters.TryGetValue(name, out object? given) ? parameter.Convert(given) : parameter.DefaultValue;
            return value is T typed ? typed : default;
        }
    }
}
