using System.Text;
using System.Text.Json;

namespace Semblance.Recognition.Galleries;

/// <summary>The rule for subjects' metadata, the same in every store: at most 64 entries; keys of 1 to 64 characters a-z, 0-9, '_', '.', '-'; values of at most 1,000 characters.</summary>
public static class SubjectMetadata
{
    /// <summary>The most entries.</summary>
    public const int MaxEntries = 64;

    /// <summary>The longest key.</summary>
    public const int MaxKeyLength = 64;

    /// <summary>The longest value, in UTF-16 units.</summary>
    public const int MaxValueLength = 1000;

    /// <summary>Refuses metadata that breaks the rule.</summary>
    /// <param name="metadata">Keys and values.</param>
    /// <exception cref="UsageException">The rule is broken.</exception>
    public static void Require(IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (metadata.Count > MaxEntries)
        {
            throw new UsageException($"metadata has {metadata.Count} entries; expected at most {MaxEntries}.");
        }

        foreach ((string key, string value) in metadata)
        {
            if (key.Length is 0 or > MaxKeyLength || !key.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '.' or '-'))
            {
                string shown = new([.. key.Take(40).Select(c => char.IsControl(c) ? '?' : c)]);
                throw new UsageException($"metadata key '{shown}': expected 1 to {MaxKeyLength} characters a-z, 0-9, '_', '.' or '-'.");
            }

            if (value is null || value.Length > MaxValueLength || !IsStorable(value))
            {
                throw new UsageException($"metadata '{key}': its value has {value?.Length ?? 0} characters; expected at most {MaxValueLength}, all of them valid Unicode and none of them NUL.");
            }
        }
    }

    /// <summary>Metadata as one JSON object with its keys in order, so that equal metadata is equal text.</summary>
    /// <param name="metadata">Keys and values.</param>
    public static string ToJson(IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return JsonSerializer.Serialize(new SortedDictionary<string, string>(metadata.ToDictionary(), StringComparer.Ordinal));
    }

    /// <summary>Reads metadata back from JSON.</summary>
    /// <param name="json">What <see cref="ToJson"/> wrote.</param>
    /// <param name="gallery">The gallery's name, for the message.</param>
    /// <exception cref="SemblanceException">The text is no JSON object of texts.</exception>
    public static IReadOnlyDictionary<string, string> FromJson(string json, string gallery)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];
        }
        catch (JsonException e)
        {
            throw new SemblanceException($"gallery {gallery} is damaged: a subject's metadata is no JSON object of texts.", e);
        }
    }

    /// <summary>Whether every store can keep a text: valid Unicode (no half of a surrogate pair), no NUL.</summary>
    internal static bool IsStorable(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        for (int i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out _, out int length) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            i += length;
        }

        return true;
    }
}
