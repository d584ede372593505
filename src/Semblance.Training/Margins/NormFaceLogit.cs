using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>
/// NormFace: ψ(θ) = cos θ with embeddings and centres normalised, times a scale (Wang et al. 2017, "NormFace: L2 Hypersphere Embedding for
/// Face Verification"). CosFace and ArcFace with margin 0 are this curve.
/// </summary>
public sealed class NormFaceLogit : ITargetLogit
{
    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "normface",
        "Softmax over scaled cosines, embeddings and centres normalised (NormFace, Wang et al. 2017).",
        NeedsIdentityBatches: false,
        [
            new RealParameter("scale", null, 0, double.PositiveInfinity, "The scale s of the cosines, or its start where it is learned.", MinimumAllowed: false,
                DerivedFrom: "the lower bound for the number of classes"),
            new FlagParameter("learned", false, "Whether the scale is a parameter that is trained."),
            new RealParameter("probability", 0.99, 0.5, 0.999999,
                "The probability p that the lower bound lets a well-placed sample reach: s = (C−1)/C · ln((C−1)p/(1−p)).", MinimumAllowed: false),
            .. ClassLayer.Parameters,
        ],
        Create);

    /// <inheritdoc/>
    public bool NormalisesEmbeddings => true;

    /// <inheritdoc/>
    public bool NormalisesCentres => true;

    /// <inheritdoc/>
    public Tensor Bend(TargetColumn target) => target.Cosine;

    private static MarginSoftmaxObjective Create(ObjectiveArguments arguments, ObjectiveContext context)
    {
        double? given = arguments.RealOrNull("scale");
        if (given is not null)
        {
            arguments.RefuseIfGiven("probability", "beside 'scale'");
        }

        double scale = given ?? LogitScale.LowerBound(context.ClassCount, arguments.Real("probability"));
        return new MarginSoftmaxObjective(
            "normface",
            new NormFaceLogit(),
            ClassLayer.Create(arguments, context),
            new LogitScale(scale, arguments.Flag("learned")));
    }
}
