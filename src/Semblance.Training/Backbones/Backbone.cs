using Semblance.Training.Export;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Backbones;

/// <summary>
/// A network from prepared face crops [batch × 3 × size × size] to embeddings [batch × dim], not normalised. It has two halves:
/// <see cref="Trunk"/>, which may run in bfloat16 under autocast, and <see cref="Head"/>, which always gets float32 features (or float64,
/// where the module was converted to it), since the last layers lose most by rounding.
/// </summary>
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

    /// <summary>Whether a parameter belongs to the last linear layer or to what follows it: the projection to the embedding.</summary>
    /// <param name="parameter">Its name, as in <c>named_parameters</c>.</param>
    public bool IsOfLastLayer(string parameter) => LastLayer.Any(module => parameter.StartsWith(module + ".", StringComparison.Ordinal));

    /// <summary>The submodules that make up the last linear layer and what follows it, by name.</summary>
    protected abstract IReadOnlyList<string> LastLayer { get; }

    /// <summary>Embeds a batch.</summary>
    /// <param name="input">[batch × 3 × size × size], any strides.</param>
    /// <returns>[batch × dim], not normalised; belongs to the caller's dispose scope.</returns>
    public sealed override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor features = Trunk(input);
        Tensor wide = features.dtype is ScalarType.BFloat16 or ScalarType.Float16 ? features.to(ScalarType.Float32) : features;
        using Native.Autocast? exact = Native.Autocast.IsActive ? Native.Autocast.Disabled() : null;
        return Head(wide).MoveToOuterDisposeScope();
    }

    /// <summary>Whether a published weight file of this architecture may hold this key although the backbone has no such tensor (a classifier left in the file).</summary>
    /// <param name="key">A key of the file.</param>
    protected internal virtual bool IsForeignKey(string key) => false;

    /// <summary>Describes the whole network, in evaluation mode, to an exporter.</summary>
    /// <param name="graph">Collects the nodes.</param>
    /// <param name="input">The name of the input tensor [batch × 3 × size × size].</param>
    /// <returns>The name of the embedding tensor [batch × dim].</returns>
    protected internal abstract string Describe(OnnxGraph graph, string input);

    /// <summary>The convolutional part: input [batch × 3 × size × size] to features of the architecture's own shape.</summary>
    /// <param name="input">The batch, any strides.</param>
    protected abstract Tensor Trunk(Tensor input);

    /// <summary>The last layers: features in float32 to embeddings [batch × dim].</summary>
    /// <param name="features">What <see cref="Trunk"/> returned, widened to float32.</param>
    protected abstract Tensor Head(Tensor features);
}
