using Semblance.Training.Classes;
using Semblance.Training.Objectives;

namespace Semblance.Training.Margins;

/// <summary>
/// Sub-center ArcFace: ArcFace's curve over <see cref="SubCentres"/> (Deng et al. 2020, "Sub-center ArcFace: Boosting Face Recognition by
/// Large-Scale Noisy Web Faces", eq. 4): a class's cosine is the largest of its K sub-centres', so that mislabelled photos may gather at a
/// sub-centre of their own instead of drawing the class's centre away.
/// </summary>
public static class SubCenterArcFace
{
    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "sub-center-arcface",
        "ArcFace with several centres per class, of which the nearest counts: for noisy identities (Deng et al. 2020).",
        NeedsIdentityBatches: false,
        [
            new RealParameter("scale", ArcFaceLogit.DefaultScale, 0, double.PositiveInfinity, "The scale s of the cosines.", MinimumAllowed: false),
            new RealParameter("margin", ArcFaceLogit.DefaultMargin, 0, 1.57, "The margin m in radians that is added to the angle of the own class."),
            new WholeParameter("sub_centers", SubCentres.DefaultPerClass, 1, 100, "K: how many centres each class has."),
            BeyondPiParameter.Create("linear"),
        ],
        (arguments, context) => new MarginSoftmaxObjective(
            "sub-center-arcface",
            new ArcFaceLogit(arguments.Real("margin"), arguments.Choice<BeyondPi>("beyond_pi")),
            new SubCentres(context.ClassCount, arguments.Whole("sub_centers"), context.EmbeddingSize, context.Seed),
            new LogitScale(arguments.Real("scale"))));
}
