using System.Text.Json.Serialization;

namespace Semblance.Recognition.Galleries;

/// <summary>A template's line of an export as JSON lines.</summary>
/// <param name="Subject">The person's name.</param>
/// <param name="Source">Where the image came from.</param>
/// <param name="Digest">SHA-256 of the image file, hex.</param>
/// <param name="Created">When it was enrolled (UTC).</param>
/// <param name="Embedding">The embedding; the shortest decimals that give the same float32 back.</param>
/// <param name="Details">What is known of the person beside the name, with the first of the person's templates.</param>
public sealed record ExportedTemplate(
    [property: JsonPropertyName("subject")] string Subject,
    [property: JsonPropertyName("source")] string Source,
    [property: JsonPropertyName("digest")] string Digest,
    [property: JsonPropertyName("created")] DateTimeOffset Created,
    [property: JsonPropertyName("embedding")] float[] Embedding,
    [property: JsonPropertyName("details"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SubjectDetails? Details = null);
