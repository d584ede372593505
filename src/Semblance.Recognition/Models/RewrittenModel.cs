using Google.Protobuf;
using Semblance.Models;
using Semblance.Onnx;

namespace Semblance.Recognition.Models;

/// <summary>What <see cref="ModelRewriter"/> made of a model.</summary>
public sealed class RewrittenModel
{
    private readonly ModelProto _model;

    internal RewrittenModel(ModelProto model, int replacedActivations, bool freedBatch, float difference) =>
        (_model, ReplacedActivations, FreedBatch, Difference) = (model, replacedActivations, freedBatch, difference);

    /// <summary>How many PRelu became something faster.</summary>
    public int ReplacedActivations { get; }

    /// <summary>Whether the batch was fixed at 1 and is now free.</summary>
    public bool FreedBatch { get; }

    /// <summary>The largest difference to the outputs of the model as it was, on noise, relative to the largest output where that is above 1.</summary>
    public float Difference { get; }

    /// <summary>The file's content.</summary>
    public byte[] ToBytes() => _model.ToByteArray();

    /// <summary>The file's content with a card in its metadata; other metadata is kept, an earlier card replaced.</summary>
    /// <param name="card">What the file is to say of itself.</param>
    public byte[] ToBytes(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        ModelProto model = _model.Clone();
        StringStringEntryProto[] others = [.. model.MetadataProps.Where(entry => !entry.Key.StartsWith(ModelCard.KeyPrefix, StringComparison.Ordinal))];
        model.MetadataProps.Clear();
        model.MetadataProps.AddRange(others);
        model.MetadataProps.AddRange(card.ToMetadata().Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        return model.ToByteArray();
    }
}
