using System.Text.Json.Serialization;

namespace Semblance.Recognition.Services;

/// <summary>What an enrolment did.</summary>
public sealed record EnrolmentReport
{
    /// <summary>The gallery.</summary>
    [JsonPropertyName("gallery")]
    public required string Gallery { get; init; }

    /// <summary>Images looked at.</summary>
    [JsonPropertyName("images")]
    public required int Images { get; init; }

    /// <summary>Subjects that the gallery did not know before.</summary>
    [JsonPropertyName("new_subjects")]
    public required int NewSubjects { get; init; }

    /// <summary>Templates added.</summary>
    [JsonPropertyName("new_templates")]
    public required int NewTemplates { get; init; }

    /// <summary>Images that their subject had already.</summary>
    [JsonPropertyName("already_enrolled")]
    public required int AlreadyEnrolled { get; init; }

    /// <summary>Images that could not be enrolled, in order of their paths.</summary>
    [JsonPropertyName("skipped")]
    public required IReadOnlyList<SkippedImage> Skipped { get; init; }

    /// <summary>Subjects in the gallery afterwards.</summary>
    [JsonPropertyName("subjects")]
    public required long Subjects { get; init; }

    /// <summary>Templates in the gallery afterwards.</summary>
    [JsonPropertyName("templates")]
    public required long Templates { get; init; }

    /// <summary>Seconds it took.</summary>
    [JsonPropertyName("seconds")]
    public required double Seconds { get; init; }
}
