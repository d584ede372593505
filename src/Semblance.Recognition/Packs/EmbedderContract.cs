using System.Text.Json.Serialization;
using Semblance.Imaging;
using Semblance.Models;

namespace Semblance.Recognition.Packs;

/// <summary>How an embedder of a pack is fed and what its thresholds are: all of a <see cref="ModelCard"/> but the fingerprint, which is its file's SHA-256.</summary>
public sealed record EmbedderContract
{
    /// <summary>Input width in pixels.</summary>
    public int Width { get; init; } = 112;

    /// <summary>Input height in pixels.</summary>
    public int Height { get; init; } = 112;

    /// <summary>The order of the colour planes.</summary>
    public ColorOrder ColorOrder { get; init; } = ColorOrder.Rgb;

    /// <summary>Subtracted from each byte value.</summary>
    public required float Mean { get; init; }

    /// <summary>Divides the difference; greater than 0.</summary>
    public required float Std { get; init; }

    /// <summary>The template by which faces are aligned, by name.</summary>
    public string AlignmentTemplate { get; init; } = PreprocessingContract.ArcFaceTemplate;

    /// <summary>Dimension of the embedding.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>The kind of network, for example mobilefacenet.</summary>
    public string Backbone { get; init; } = "unknown";

    /// <summary>What it was trained with, for example arcface.</summary>
    public string Loss { get; init; } = "unknown";

    /// <summary>Cosine thresholds by name, for example "fmr=1e-3".</summary>
    public IReadOnlyDictionary<string, double> Thresholds { get; init; } = new Dictionary<string, double>();

    /// <summary>Whether the mirrored crop's embedding is added, as the thresholds were measured.</summary>
    [JsonPropertyName("flip")]
    public bool AddsMirrorImage { get; init; } = true;

    /// <summary>The card of a file.</summary>
    /// <param name="fingerprint">The SHA-256 of the file that the pack brings.</param>
    public ModelCard ToCard(string fingerprint) => new()
    {
        Preprocessing = new PreprocessingContract
        {
            Width = Width,
            Height = Height,
            ColorOrder = ColorOrder,
            Mean = Mean,
            Std = Std,
            AlignmentTemplate = AlignmentTemplate,
        },
        EmbeddingSize = EmbeddingSize,
        Backbone = Backbone,
        Loss = Loss,
        ModelFingerprint = fingerprint,
        Thresholds = Thresholds,
        AddsMirrorImage = AddsMirrorImage,
    };
}
