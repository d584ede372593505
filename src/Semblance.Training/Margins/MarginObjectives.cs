using Semblance.Training.Centres;
using Semblance.Training.Objectives;

namespace Semblance.Training.Margins;

/// <summary>The family of classification over class centres. A new one adds its line here.</summary>
internal static class MarginObjectives
{
    /// <summary>The definitions in the order in which a person should read them.</summary>
    public static IReadOnlyList<ObjectiveDefinition> All { get; } =
    [
        SoftmaxLogit.Definition,
        LSoftmaxLogit.Definition,
        SphereFaceLogit.Definition,
        NormFaceLogit.Definition,
        CosFaceLogit.Definition,
        ArcFaceLogit.Definition,
        CenterLoss.Definition,
        CentrePull.Definition,
    ];
}
