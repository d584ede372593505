namespace Semblance.Training.Tuples;

/// <summary>How far apart two embeddings are said to be.</summary>
public enum Distance
{
    /// <summary>‖a − b‖.</summary>
    Euclidean,

    /// <summary>‖a − b‖². Its slope vanishes as two embeddings meet.</summary>
    SquaredEuclidean,

    /// <summary>1 − cos of the angle, in [0, 2]. Embeddings are normalised for it in any case.</summary>
    Cosine,

    /// <summary>−⟨a, b⟩, so that nearer is smaller as with the others. Not below 0 and no metric; for losses that are written with inner products.</summary>
    InnerProduct,
}
