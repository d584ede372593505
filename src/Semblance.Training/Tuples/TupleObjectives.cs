using Semblance.Training.Objectives;

namespace Semblance.Training.Tuples;

/// <summary>The family of losses over pairs and triplets of a batch. A new one adds its line here.</summary>
internal static class TupleObjectives
{
    /// <summary>The definitions in the order in which a person should read them.</summary>
    public static IReadOnlyList<ObjectiveDefinition> All { get; } =
    [
        ContrastiveLoss.Definition,
        TripletDefinitions.Triplet,
        TripletDefinitions.TriHard,
        NPairLoss.Definition,
        AngularLoss.Definition,
        CircleLoss.Definition,
        SupConLoss.Definition,
        NtXentLoss.Definition,
        FastApLoss.Definition,
        RankedListLoss.Definition,
        LiftedStructureLoss.Definition,
        GeneralisedLiftedLoss.Definition,
        MarginLoss.Definition,
        MultiSimilarityLoss.Definition,
        DeepId2Definition.Definition,
    ];
}
