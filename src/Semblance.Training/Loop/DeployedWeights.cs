using Semblance.Imaging;
using Semblance.IO;
using Semblance.Models;
using Semblance.Training.Backbones;
using Semblance.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Loop;

/// <summary>The weights that a run would deploy now: the averaged ones where an average is kept. They live in a backbone of their own in evaluation mode.</summary>
internal sealed class DeployedWeights : IDisposable
{
    private readonly Backbone _backbone;

    /// <param name="backbone">A second instance of the architecture; becomes this object's.</param>
    public DeployedWeights(Backbone backbone)
    {
        _backbone = backbone;
        _backbone.eval();
    }

    /// <summary>Copies weights in.</summary>
    public void Take(IEnumerable<KeyValuePair<string, Tensor>> weights)
    {
        using IDisposable guard = no_grad();
        Dictionary<string, Tensor> targets = _backbone.state_dict();
        foreach ((string name, Tensor tensor) in weights)
        {
            _ = targets[name].copy_(tensor);
        }
    }

    /// <summary>The card that describes the weights as they are now.</summary>
    public ModelCard Card(PreprocessingContract preprocessing, string loss, string fingerprint) => new()
    {
        Preprocessing = preprocessing,
        EmbeddingSize = _backbone.EmbeddingSize,
        Backbone = _backbone.RegisteredName,
        Loss = loss,
        TrainingSetFingerprint = fingerprint,
        ModelFingerprint = BackboneWeights.Fingerprint(_backbone),
    };

    /// <summary>An embedder over the present weights; it does not own them.</summary>
    public TorchFaceEmbedder Embedder(ModelCard card) => new(_backbone, card, ownsBackbone: false);

    /// <summary>Writes the weights with their card as a safetensors state dict.</summary>
    public void Save(string path, ModelCard card)
    {
        using DisposeScope scope = NewDisposeScope();
        List<KeyValuePair<string, Tensor>> tensors = [.. _backbone.state_dict()];
        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, tensors, card.ToMetadata()));
    }

    public void Dispose() => _backbone.Dispose();
}
