using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Weights;

/// <summary>One tensor as a safetensors header describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its shape; empty for a scalar.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">One past its last byte.</param>
internal sealed record SafetensorsEntry(string Name, ScalarType Type, long[] Shape, long Begin, long End);

/// <summary>
/// Parses and checks a safetensors header: every length and offset is held against the shape, the element width, the neighbours and the
/// size of the file before a byte of data is read, so that neither a damaged nor a lying file can do harm.
/// </summary>
internal static class SafetensorsHeader
{
    private const string MetadataKey = "__metadata__";
    private const string Damage = "the file is damaged or truncated; use another copy";

    /// <summary>Parses a header.</summary>
    /// <param name="json">The header's JSON.</param>
    /// <param name="dataLength">Bytes in the file after the header.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="SemblanceException">The header has no sense or contradicts the file.</exception>
    public static (List<SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Parse(ReadOnlyMemory<byte> json, long dataLength, string source)
    {
        var entries = new List<SafetensorsEntry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Bad(source, "its header is no JSON object");
            }

            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (!names.Add(property.Name))
                {
                    throw Bad(source, $"its header names '{property.Name}' twice");
                }

                if (property.Name == MetadataKey)
                {
                    ReadMetadata(property.Value, metadata, source);
                }
                else
                {
                    entries.Add(ReadEntry(property.Name, property.Value, source));
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new SemblanceException($"{source}: its header is no valid safetensors header; {Damage}.", e);
        }

        CheckCover(entries, dataLength, source);
        return (entries, metadata);
    }

    private static void ReadMetadata(JsonElement value, Dictionary<string, string> metadata, string source)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Bad(source, "its metadata is no JSON object");
        }

        foreach (JsonProperty entry in value.EnumerateObject())
        {
            metadata[entry.Name] = entry.Value.ValueKind == JsonValueKind.String
                ? entry.Value.GetString()!
                : throw Bad(source, $"its metadata '{entry.Name}' is no text");
        }
    }

    private static SafetensorsEntry ReadEntry(string name, JsonElement value, string source)
    {
        if (value.ValueKind != JsonValueKind.Object
            || !value.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String
            || !value.TryGetProperty("shape", out JsonElement shape) || shape.ValueKind != JsonValueKind.Array
            || !value.TryGetProperty("data_offsets", out JsonElement offsets) || offsets.ValueKind != JsonValueKind.Array
            || offsets.GetArrayLength() != 2)
        {
            throw Bad(source, $"its header lacks dtype, shape or data_offsets of tensor '{name}'");
        }

        if (SafetensorsDtype.Find(dtype.GetString()) is not { } type)
        {
            throw new SemblanceException(
                $"{source}: tensor '{name}' has element type '{dtype.GetString()}'; this program reads {SafetensorsDtype.Known}.");
        }

        long[] dimensions = new long[shape.GetArrayLength()];
        long bytes = type.Width;
        try
        {
            for (int i = 0; i < dimensions.Length; i++)
            {
                dimensions[i] = Whole(shape[i], name, source);
                bytes = checked(bytes * dimensions[i]);
            }
        }
        catch (OverflowException)
        {
            throw Bad(source, $"tensor '{name}' claims an impossible size");
        }

        (long begin, long end) = (Whole(offsets[0], name, source), Whole(offsets[1], name, source));
        return end - begin == bytes
            ? new SafetensorsEntry(name, type.Type, dimensions, begin, end)
            : throw Bad(source, $"tensor '{name}' of shape [{string.Join(", ", dimensions)}] needs {bytes} bytes but spans {end - begin}");
    }

    private static long Whole(JsonElement element, string name, string source) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long value) && value >= 0
            ? value
            : throw Bad(source, $"tensor '{name}' has a shape or offset that is no whole number from 0");

    // The format demands that the tensors tile the data without holes: so any cut or shift of the file shows here.
    private static void CheckCover(List<SafetensorsEntry> entries, long dataLength, string source)
    {
        long position = 0;
        foreach (SafetensorsEntry entry in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.Begin != position)
            {
                string how = entry.Begin < position ? "overlaps its neighbour" : "leaves a gap before it";
                throw Bad(source, $"tensor '{entry.Name}' begins at byte {entry.Begin} and {how} (byte {position} was due)");
            }

            position = entry.End;
        }

        if (position != dataLength)
        {
            throw Bad(source, $"its header describes {position} bytes of tensors, the file holds {dataLength}");
        }
    }

    private static SemblanceException Bad(string source, string what) => new($"{source}: {what}; {Damage}.");
}
