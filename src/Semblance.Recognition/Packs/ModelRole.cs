namespace Semblance.Recognition.Packs;

/// <summary>What a model of a pack is for.</summary>
public enum ModelRole
{
    /// <summary>Aligned crops to embeddings.</summary>
    Embedder,

    /// <summary>Photos to boxes of faces.</summary>
    Detector,

    /// <summary>A face's box to its points.</summary>
    Landmarks,
}
