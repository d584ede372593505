using System.Buffers;
using System.Runtime.InteropServices;
using Semblance.Models;
using Semblance.Training.Backbones;
using Semblance.Training.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Loop;

/// <summary>Embeds with the trained module itself, in float32 and evaluation mode: what an exported file is compared with.</summary>
public sealed class TorchFaceEmbedder : IFaceEmbedder
{
    private readonly Backbone _backbone;
    private readonly bool _ownsBackbone;

    /// <summary>Wraps a backbone and puts it into evaluation mode.</summary>
    /// <param name="backbone">The network.</param>
    /// <param name="card">What it is.</param>
    /// <param name="ownsBackbone">True to dispose of the backbone with this object.</param>
    public TorchFaceEmbedder(Backbone backbone, ModelCard card, bool ownsBackbone = true)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(card);
        (_backbone, Card, _ownsBackbone) = (backbone, card, ownsBackbone);
        _backbone.eval();
    }

    /// <inheritdoc/>
    public ModelCard Card { get; }

    /// <inheritdoc/>
    public void Embed(ReadOnlySpan<float> pixels, int count, Span<float> embeddings)
    {
        float[] buffer = ArrayPool<float>.Shared.Rent(pixels.Length);
        try
        {
            pixels.CopyTo(buffer);
            using IDisposable guard = no_grad();
            using DisposeScope scope = NewDisposeScope();
            Tensor images = frombuffer(buffer, ScalarType.Float32, pixels.Length)
                .reshape(count, 3, Card.Preprocessing.Height, Card.Preprocessing.Width);
            Tensor result = _backbone.forward(ChannelsLast.Of(images)).to(ScalarType.Float32).contiguous();
            MemoryMarshal.Cast<byte, float>(result.bytes).CopyTo(embeddings);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsBackbone)
        {
            _backbone.Dispose();
        }
    }
}
