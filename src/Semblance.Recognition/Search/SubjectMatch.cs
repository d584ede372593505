using System.Text.Json.Serialization;

namespace Semblance.Recognition.Search;

/// <summary>A subject found by a search.</summary>
/// <param name="Subject">The name.</param>
/// <param name="SubjectId">The subject's number in the gallery.</param>
/// <param name="Cosine">The highest cosine over the subject's templates, in [−1, 1].</param>
/// <param name="TemplateId">The template that has it.</param>
/// <param name="Source">Where that template's image came from.</param>
public sealed record SubjectMatch(
    [property: JsonPropertyName("subject")] string Subject,
    [property: JsonPropertyName("subject_id")] long SubjectId,
    [property: JsonPropertyName("cosine")] float Cosine,
    [property: JsonPropertyName("template_id")] long TemplateId,
    [property: JsonPropertyName("source")] string Source);
