using Semblance.Training.Objectives;

namespace Semblance.Training.Margins;

/// <summary>Plain classifiers by a curve over one centre per class: those that a regulariser of centres may go with. A new curve adds its line here.</summary>
internal static class MarginClassifiers
{
    /// <summary>The definitions in the order in which a person should read them.</summary>
    public static IReadOnlyList<ObjectiveDefinition> All { get; } =
    [
        SoftmaxLogit.Definition,
        LSoftmaxLogit.Definition,
        SphereFaceLogit.Definition,
        NormFaceLogit.Definition,
        AmSoftmax.Definition,
        CosFaceLogit.Definition,
        ArcFaceLogit.Definition,
        CombinedMarginLogit.Definition,
        CurricularFaceLogit.Definition,
        MvSoftmaxLogit.Definition,
        AdaCosLogit.Definition,
        P2SGradLogit.Definition,
        UniFaceLogit.Definition,
        CircleClassLogit.Definition,
    ];
}
