using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Backbones;

/// <summary>A network from prepared face crops [batch × 3 × size × size] to embeddings [batch × dim], not normalised.</summary>
public abstract class Backbone : nn.Module<Tensor, Tensor>
{
    /// <summary>Creates the module.</summary>
    /// <param name="name">The registered name, for example iresnet18.</param>
    /// <param name="embeddingSize">Dimension of the embedding.</param>
    /// <param name="inputSize">Width and height of the input in pixels.</param>
    protected Backbone(string name, int embeddingSize, int inputSize)
        : base(name)
    {
        (RegisteredName, EmbeddingSize, InputSize) = (name, embeddingSize, inputSize);
    }

    /// <summary>The name under which the registry creates this architecture.</summary>
    public string RegisteredName { get; }

    /// <summary>Dimension of the embedding.</summary>
    public int EmbeddingSize { get; }

    /// <summary>Width and height of the input in pixels.</summary>
    public int InputSize { get; }
}
