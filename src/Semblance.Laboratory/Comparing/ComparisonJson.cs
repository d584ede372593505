using System.Text.Json;
using Semblance.IO;

namespace Semblance.Laboratory.Comparing;

/// <summary>The comparison's files: JSON with snake_case names.</summary>
internal static class ComparisonJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write<T>(string path, T document) => AtomicFile.WriteText(path, JsonSerializer.Serialize(document, Options) + "\n");

    /// <summary>Reads a file; the default where it is not there.</summary>
    /// <exception cref="SemblanceException">It is damaged.</exception>
    public static T? Read<T>(string path)
        where T : class
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllText(path), Options) : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{path}: cannot be read: {e.Message} Delete it to have it made again.", e);
        }
    }
}
