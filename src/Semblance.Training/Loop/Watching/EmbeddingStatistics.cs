using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Loop.Watching;

/// <summary>Where a batch's embeddings lie.</summary>
/// <param name="Norm">Their mean Euclidean norm.</param>
/// <param name="Variance">
/// The mean squared distance of the directions from their mean, 1 − ‖mean of x/‖x‖‖²: from 0, where all point the same way, to 1. It does
/// not depend on the embeddings' length.
/// </param>
internal sealed record EmbeddingStatistics(double Norm, double Variance)
{
    /// <summary>Measures a batch.</summary>
    /// <param name="embeddings">[batch × dim], any floating dtype; at least one row.</param>
    public static EmbeddingStatistics Of(Tensor embeddings)
    {
        using IDisposable guard = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = embeddings.detach().to_type(ScalarType.Float32);
        double norm = rows.norm(1).mean().item<float>();
        double centre = UnitRows.Of(rows).mean([0]).square().sum().item<float>();
        return new EmbeddingStatistics(norm, Math.Clamp(1 - centre, 0, 1));
    }
}
