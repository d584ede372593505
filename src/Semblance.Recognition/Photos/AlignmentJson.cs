using System.Text.Json.Serialization;

namespace Semblance.Recognition.Photos;

/// <summary>Serialisation of sidecars and reports without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AlignmentReport))]
[JsonSerializable(typeof(AlignedPhoto))]
internal sealed partial class AlignmentJson : JsonSerializerContext;
