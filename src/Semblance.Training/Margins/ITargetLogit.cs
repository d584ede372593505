using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>
/// The curve of a margin-based loss: how the logit of a sample's own class is bent, and what is normalised before. All margin losses are
/// −log softmax over the classes of the scaled logits s·‖W‖‖x‖·cos θ, with ψ(θ) in place of cos θ at the sample's own class; a factor ‖W‖ or ‖x‖ is
/// left out where centres or embeddings are normalised. A curve is all that tells them apart.
/// </summary>
public interface ITargetLogit
{
    /// <summary>Whether embeddings are scaled to unit length.</summary>
    bool NormalisesEmbeddings { get; }

    /// <summary>Whether class centres are scaled to unit length.</summary>
    bool NormalisesCentres { get; }

    /// <summary>ψ(θ). A curve that does not bend returns <see cref="TargetColumn.Cosine"/> itself.</summary>
    /// <param name="target">The samples with their own classes.</param>
    /// <returns>[batch], attached to the graph; owned by the caller's dispose scope. Value and gradient are finite for every cosine in [−1, 1].</returns>
    Tensor Bend(TargetColumn target);
}

/// <summary>The samples of a batch against their own class centres: what a curve may depend on.</summary>
/// <param name="Cosine">[batch] float32 or float64: cos θ between embedding and own centre; rounding may carry it past ±1.</param>
/// <param name="EmbeddingNorms">[batch]: ‖x‖, attached to the graph.</param>
public readonly record struct TargetColumn(Tensor Cosine, Tensor EmbeddingNorms);
