using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Objectives;

/// <summary>Checks a batch before an objective computes with it, so that a wrong one is named rather than failing deep inside a kernel.</summary>
internal static class BatchShape
{
    /// <summary>Refuses embeddings and labels that do not belong together.</summary>
    /// <param name="embeddings">To be [batch × dim], floating.</param>
    /// <param name="labels">To be [batch] int64.</param>
    /// <param name="embeddingSize">The dimension expected, or null for any.</param>
    /// <param name="classCount">Where given, labels must lie in [0, classCount).</param>
    /// <exception cref="SemblanceException">They do not.</exception>
    public static void Check(Tensor embeddings, Tensor labels, int? embeddingSize = null, int? classCount = null)
    {
        long[] shape = embeddings.shape;
        if (shape.Length != 2 || !embeddings.is_floating_point() || (embeddingSize is { } size && shape[1] != size))
        {
            throw new SemblanceException(
                $"The embeddings are {embeddings.dtype} [{string.Join(" × ", shape)}]; the objective expects a floating tensor [batch × {embeddingSize?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "dim"}].");
        }

        if (labels.dtype != ScalarType.Int64 || labels.dim() != 1 || labels.shape[0] != shape[0])
        {
            throw new SemblanceException(
                $"The labels are {labels.dtype} [{string.Join(" × ", labels.shape)}]; the objective expects int64 [{shape[0]}], one for each embedding.");
        }

        if (classCount is { } classes && shape[0] > 0)
        {
            using Tensor smallest = labels.min();
            using Tensor largest = labels.max();
            (long low, long high) = (smallest.item<long>(), largest.item<long>());
            if (low < 0 || high >= classes)
            {
                throw new SemblanceException(
                    $"A label is {(low < 0 ? low : high)}; with {classes} classes labels go from 0 to {classes - 1}. The data and the objective were set up for different identities.");
            }
        }
    }
}
