using System.Text.Json;
using System.Text.Json.Serialization;
using Semblance.Recognition.Detection;

namespace Semblance.Recognition.Packs;

/// <summary>Reads and writes <c>pack.json</c>, strictly: what has no sense is named.</summary>
internal static class PackManifestFormat
{
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public static byte[] Write(PackManifest manifest) => JsonSerializer.SerializeToUtf8Bytes(manifest, Json);

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">The file's content.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="SemblanceException">It is no manifest, or a value has no sense.</exception>
    public static PackManifest Read(ReadOnlySpan<byte> json, string source)
    {
        PackManifest manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<PackManifest>(json.StartsWith("\uFEFF"u8) ? json[3..] : json, Json)
                ?? throw new SemblanceException($"{source}: is no manifest of a model pack: it is null.");
        }
        catch (JsonException e)
        {
            throw new SemblanceException($"{source}: is no manifest of a model pack: {e.Message}", e);
        }

        Check(manifest, source);
        return manifest;
    }

    /// <summary>Checks a manifest, whoever wrote it.</summary>
    /// <exception cref="SemblanceException">A value has no sense.</exception>
    public static void Check(PackManifest manifest, string source)
    {
        Require(manifest.Format == PackManifest.CurrentFormat, $"its format is {manifest.Format}, this program reads {PackManifest.CurrentFormat}; update Semblance");
        Require(manifest.Name is not null && PackName.IsValid(manifest.Name), $"its name is '{manifest.Name}'; expected {PackName.Rule}");
        Require(manifest.Models is { Count: > 0 }, "it lists no models");
        Require(manifest.LicenseFile is null || PackPath.Normalise(manifest.LicenseFile) is not null, $"license_file is '{manifest.LicenseFile}'; expected a path beside the manifest");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (PackModel model in manifest.Models!)
        {
            Require(model?.Name is not null && PackName.IsValid(model.Name), $"a model's name is '{model?.Name}'; expected {PackName.Rule}");
            Require(names.Add(model!.Name), $"two models have the name '{model.Name}'");
            string what = $"model '{model.Name}'";
            Require(model.File is not null && PackPath.Normalise(model.File) is not null, $"{what}: its file is '{model.File}'; expected a path beside the manifest");
            Require(FileHash.IsSha256(model.Sha256), $"{what}: its sha256 is '{model.Sha256}'; expected 64 hex digits");
            Require(model.Derived is null || (PackPath.Normalise(model.Derived.File) == model.Derived.File && FileHash.IsSha256(model.Derived.Sha256)), $"{what}: its derived file has no name or no hash");
            RequireRole(model, what);
        }

        void RequireRole(PackModel model, string what)
        {
            IReadOnlyList<string> families = model.Role switch
            {
                ModelRole.Detector => DetectorFamily.Detectors,
                ModelRole.Landmarks => [DetectorFamily.Landmarks68],
                _ => [],
            };
            Require(
                model.Family is null || families.Contains(model.Family),
                $"{what}: its family is '{model.Family}'; expected {(families.Count > 0 ? $"one of {string.Join(", ", families)}" : "none, since it is an embedder")}");
            Require(model.Embedder is null || model.Role == ModelRole.Embedder, $"{what}: has an 'embedder' although it is none");
            if (model.Embedder is { } contract)
            {
                Require(contract.Std > 0 && float.IsFinite(contract.Std) && float.IsFinite(contract.Mean), $"{what}: mean and std are {contract.Mean} and {contract.Std}; expected numbers, std above 0");
                Require(contract.Width is >= 1 and <= 65536 && contract.Height is >= 1 and <= 65536, $"{what}: its input is {contract.Width}×{contract.Height}; expected 1 to 65536");
                Require(contract.EmbeddingSize is >= 1 and <= 65536, $"{what}: embedding_size is {contract.EmbeddingSize}; expected 1 to 65536");
                Require(contract.AlignmentTemplate is not null && contract.Backbone is not null && contract.Loss is not null && contract.Thresholds is not null, $"{what}: an entry of 'embedder' is null");
            }
        }

        void Require(bool holds, string otherwise)
        {
            if (!holds)
            {
                throw new SemblanceException($"{source}: {otherwise}.");
            }
        }
    }
}
