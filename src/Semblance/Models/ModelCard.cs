using System.Globalization;
using System.Text.Json;
using Semblance.Imaging;

namespace Semblance.Models;

/// <summary>
/// What a model file says of itself. It rides in ONNX metadata (one string property per entry) and in a run's folder, and is all that
/// training and recognition know of each other.
/// </summary>
public sealed record ModelCard
{
    /// <summary>The prefix of each metadata key.</summary>
    public const string KeyPrefix = "semblance.";

    /// <summary>The version of the set of keys.</summary>
    public const int FormatVersion = 1;

    /// <summary>The input contract.</summary>
    public PreprocessingContract Preprocessing { get; init; } = new();

    /// <summary>Dimension of the embedding.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>The backbone's registered name, for example iresnet18.</summary>
    public required string Backbone { get; init; }

    /// <summary>The objective of the last training stage, for example arcface.</summary>
    public required string Loss { get; init; }

    /// <summary>SHA-256 (hex) over the sorted identity names and image digests of the training set; empty for an untrained model.</summary>
    public string TrainingSetFingerprint { get; init; } = "";

    /// <summary>SHA-256 (hex) over the weights: two models with the same fingerprint give comparable embeddings.</summary>
    public required string ModelFingerprint { get; init; }

    /// <summary>Cosine thresholds by name, for example "eer" or "fmr=1e-3".</summary>
    public IReadOnlyDictionary<string, double> Thresholds { get; init; } = new Dictionary<string, double>();

    /// <summary>
    /// Whether a face's embedding is the sum of those of the crop and of its mirror image, as the thresholds were measured. A file without the
    /// entry "flip" means true: all that were written before it are of that kind.
    /// </summary>
    public bool AddsMirrorImage { get; init; } = true;

    /// <summary>The card as metadata entries.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata()
    {
        SortedDictionary<string, string> metadata = NeededEntries();
        if (!AddsMirrorImage)
        {
            metadata[KeyPrefix + "flip"] = "false";
        }

        return metadata;
    }

    /// <summary>Reads a card back.</summary>
    /// <param name="metadata">Metadata entries; keys without the prefix are ignored.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="SemblanceException">A key is missing or has no sense.</exception>
    public static ModelCard FromMetadata(IReadOnlyDictionary<string, string> metadata, string source)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        int format = Number("format");
        if (format > FormatVersion)
        {
            throw new SemblanceException($"{source}: its metadata has format {format}, this program reads up to {FormatVersion}; update Semblance.");
        }

        string order = Text("color_order");
        return new ModelCard
        {
            Preprocessing = new PreprocessingContract
            {
                Width = Positive("input_width"),
                Height = Positive("input_height"),
                ColorOrder = order switch
                {
                    "rgb" => ColorOrder.Rgb,
                    "bgr" => ColorOrder.Bgr,
                    _ => throw Bad("color_order", order, "rgb or bgr"),
                },
                Mean = Real("mean"),
                Std = Real("std") is var std and > 0 ? std : throw Bad("std", Text("std"), "a number above 0"),
                AlignmentTemplate = Text("alignment_template"),
            },
            EmbeddingSize = Positive("embedding_size"),
            Backbone = Text("backbone"),
            Loss = Text("loss"),
            TrainingSetFingerprint = Text("training_set_fingerprint"),
            ModelFingerprint = Text("model_fingerprint"),
            Thresholds = ReadThresholds(),
            AddsMirrorImage = metadata.GetValueOrDefault(KeyPrefix + "flip", "true") switch
            {
                "true" => true,
                "false" => false,
                var other => throw Bad("flip", other, "true or false"),
            },
        };

        string Text(string key) => metadata.TryGetValue(KeyPrefix + key, out string? value)
            ? value
            : throw new SemblanceException($"{source}: is no face model of Semblance: its metadata has no '{KeyPrefix}{key}'. Export one with 'semblance export'.");

        SemblanceException Bad(string key, string value, string expected) =>
            new($"{source}: metadata '{KeyPrefix}{key}' is '{value}'; expected {expected}.");

        int Number(string key) => int.TryParse(Text(key), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw Bad(key, Text(key), "a whole number");

        int Positive(string key) => Number(key) is var value and > 0 and <= 65536 ? value : throw Bad(key, Text(key), "a number from 1 to 65536");

        float Real(string key) => float.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && float.IsFinite(value)
            ? value
            : throw Bad(key, Text(key), "a number");

        IReadOnlyDictionary<string, double> ReadThresholds()
        {
            try
            {
                return JsonSerializer.Deserialize<Dictionary<string, double>>(Text("thresholds")) ?? [];
            }
            catch (JsonException)
            {
                throw Bad("thresholds", Text("thresholds"), "a JSON object of numbers");
            }
        }
    }

    private SortedDictionary<string, string> NeededEntries() => new(StringComparer.Ordinal)
    {
        [KeyPrefix + "format"] = FormatVersion.ToString(CultureInfo.InvariantCulture),
        [KeyPrefix + "input_width"] = Preprocessing.Width.ToString(CultureInfo.InvariantCulture),
        [KeyPrefix + "input_height"] = Preprocessing.Height.ToString(CultureInfo.InvariantCulture),
        [KeyPrefix + "color_order"] = Preprocessing.ColorOrder == ColorOrder.Rgb ? "rgb" : "bgr",
        [KeyPrefix + "mean"] = Preprocessing.Mean.ToString("R", CultureInfo.InvariantCulture),
        [KeyPrefix + "std"] = Preprocessing.Std.ToString("R", CultureInfo.InvariantCulture),
        [KeyPrefix + "alignment_template"] = Preprocessing.AlignmentTemplate,
        [KeyPrefix + "embedding_size"] = EmbeddingSize.ToString(CultureInfo.InvariantCulture),
        [KeyPrefix + "backbone"] = Backbone,
        [KeyPrefix + "loss"] = Loss,
        [KeyPrefix + "training_set_fingerprint"] = TrainingSetFingerprint,
        [KeyPrefix + "model_fingerprint"] = ModelFingerprint,
        [KeyPrefix + "thresholds"] = JsonSerializer.Serialize(Thresholds),
    };
}
