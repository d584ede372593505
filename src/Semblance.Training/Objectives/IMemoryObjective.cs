using static TorchSharp.torch;

namespace Semblance.Training.Objectives;

/// <summary>An objective over tuples of the batch that can also compare its photos with embeddings of earlier batches.</summary>
public interface IMemoryObjective
{
    /// <summary>Why it cannot compare beyond the batch, as the end of a sentence; null where it can.</summary>
    string? BoundToTheBatch { get; }

    /// <summary>Evaluates with further references: anchors come from the batch, their positives and negatives from the batch and beyond.</summary>
    /// <param name="embeddings">[batch × dim].</param>
    /// <param name="labels">[batch] int64.</param>
    /// <param name="samples">[batch] int64, or null.</param>
    /// <param name="further">[n × dim]: embeddings of earlier batches, no part of the graph.</param>
    /// <param name="furtherLabels">[n] int64.</param>
    ObjectiveValue Evaluate(Tensor embeddings, Tensor labels, Tensor? samples, Tensor further, Tensor furtherLabels);
}
