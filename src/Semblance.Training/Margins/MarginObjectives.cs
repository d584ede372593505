using Semblance.Training.Centres;
using Semblance.Training.Objectives;

namespace Semblance.Training.Margins;

/// <summary>The family of classification over class centres. A new one adds its line here, or among <see cref="MarginClassifiers"/>.</summary>
internal static class MarginObjectives
{
    /// <summary>The definitions in the order in which a person should read them.</summary>
    public static IReadOnlyList<ObjectiveDefinition> All { get; } =
    [
        .. MarginClassifiers.All,
        SubCenterArcFace.Definition,
        ElasticFaceLogit.Definition,
        AdaFaceLogit.Definition,
        MagFaceLogit.Definition,
        CenterLoss.Definition,
        CentrePull.Definition,
        CentreInvariance.Definition,
        RegularFace.Definition,
        RingLoss.Definition,
    ];
}
