using System.Security.Cryptography;
using System.Text;

namespace Semblance.Galleries.Redis;

/// <summary>
/// Metadata as attributes that vector sets can filter by. Filter expressions have no way to write every key and value, and servers differ in
/// how they read strings; so each entry becomes one attribute named by a hash of key and value. Who relies on a match compares the metadata itself.
/// </summary>
internal static class MetadataTags
{
    private const int TagBytes = 10;

    public static string Of(string key, string value) =>
        "t" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key + "\0" + value)).AsSpan(0, TagBytes));

    public static string[] Of(IReadOnlyDictionary<string, string> metadata) => [.. metadata.Select(entry => Of(entry.Key, entry.Value)).Order(StringComparer.Ordinal)];

    /// <summary>The attributes of a vector, as a JSON object.</summary>
    public static string ToAttributes(IEnumerable<string> tags) => "{" + string.Join(',', tags.Select(tag => $"\"{tag}\":1")) + "}";

    /// <summary>The expression that lets pass the vectors with all tags.</summary>
    public static string ToFilter(IEnumerable<string> tags) => string.Join(" and ", tags.Select(tag => $".{tag} == 1"));
}
