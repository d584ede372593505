using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>Plain softmax cross-entropy: logits Wᵀx + b, nothing normalised, nothing bent (for example Parkhi et al. 2015, §4.1).</summary>
public sealed class SoftmaxLogit : ITargetLogit
{
    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "softmax",
        "Softmax cross-entropy over the identities, without normalisation or margin.",
        NeedsIdentityBatches: false,
        [new FlagParameter("bias", true, "Whether each class has a bias b; only a dense class layer has."), .. ClassLayer.Parameters],
        (arguments, context) => new MarginSoftmaxObjective(
            "softmax",
            new SoftmaxLogit(),
            ClassLayer.Create(arguments, context, arguments.Flag("bias")),
            LogitScale.None));

    /// <inheritdoc/>
    public bool NormalisesEmbeddings => false;

    /// <inheritdoc/>
    public bool NormalisesCentres => false;

    /// <inheritdoc/>
    public Tensor Bend(TargetColumn target) => target.Cosine;
}
