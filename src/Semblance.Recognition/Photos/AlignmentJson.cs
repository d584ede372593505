using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Semblance.Recognition.Photos;

/// <summary>Serialisation of sidecars and reports without reflection.</summary>
[JsonSerializable(typeof(AlignmentReport))]
[JsonSerializable(typeof(AlignedPhoto))]
internal sealed partial class AlignmentJson : JsonSerializerContext
{
    /// <summary>Indented, snake_case, with names of people and folders as they are written: the files go to no web page.</summary>
    public static AlignmentJson Readable { get; } = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
