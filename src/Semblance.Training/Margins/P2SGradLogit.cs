using System.Numerics;
using System.Numerics.Tensors;
using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using Tensor = TorchSharp.torch.Tensor;

namespace Semblance.Training.Margins;

/// <summary>
/// P2SGrad (Zhang et al. 2019, "P2SGrad: Refined Gradients for Optimizing Deep Face Models"): the gradient of softmax over cosines with the
/// probability replaced by the cosine itself, Σ_c (cos θ_c − [c = y])·∇cos θ_c, so that neither scale nor margin is left to choose.
/// The paper gives the gradient only; it is that of ½·Σ_c (cos θ_c − [c = y])², which is the value here.
/// </summary>
public sealed class P2SGradLogit : ITargetLogit, IRowPenalty
{
    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "p2sgrad",
        "Cosines drawn to 1 for the own class and 0 for the others, without scale or margin (P2SGrad, Zhang et al. 2019).",
        NeedsIdentityBatches: false,
        [.. ClassLayer.Parameters],
        (arguments, context) => new MarginSoftmaxObjective("p2sgrad", new P2SGradLogit(), ClassLayer.Create(arguments, context), LogitScale.None));

    /// <inheritdoc/>
    public bool NormalisesEmbeddings => true;

    /// <inheritdoc/>
    public bool NormalisesCentres => true;

    /// <inheritdoc/>
    public Tensor Bend(TargetColumn target) => target.Cosine;

    /// <inheritdoc/>
    public double Evaluate<T>(LogitRow<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        row.Values[row.Target] -= T.One;
        return double.CreateChecked(TensorPrimitives.SumOfSquares<T>(row.Values)) / 2;
    }
}
