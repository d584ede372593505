using System.Text.Json.Serialization;

namespace Semblance.Recognition.Galleries;

/// <summary>What a gallery may know of a subject besides the name. Null leaves a value as it is (or unset, for a new subject).</summary>
public sealed record SubjectDetails
{
    /// <summary>The subject's id in another system, unique within the gallery; at most 200 characters. The empty string takes it away.</summary>
    [JsonPropertyName("external_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ExternalId { get; init; }

    /// <summary>Keys and values to filter by, in place of all earlier ones; see <see cref="SubjectMetadata"/> for the rule. An empty map takes all away.</summary>
    [JsonPropertyName("metadata"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>From then on the subject is never found, and <see cref="IGallery.RemoveExpired"/> erases it. <see cref="DateTimeOffset.MaxValue"/> takes the expiry away.</summary>
    [JsonPropertyName("expires"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When the subject was created; only an import sets it, and only on subjects that are new.</summary>
    [JsonPropertyName("created"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Created { get; init; }

    /// <summary>When the subject was last identified; only an import sets it, and only forwards.</summary>
    [JsonPropertyName("last_seen"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>The longest external id, in UTF-16 units.</summary>
    public const int MaxExternalIdLength = 200;

    /// <summary>Whether there is nothing to note.</summary>
    [JsonIgnore]
    public bool IsEmpty => this == new SubjectDetails();

    /// <summary>What every store checks before it writes.</summary>
    /// <exception cref="UsageException">A value breaks its rule.</exception>
    public void Validate()
    {
        if (ExternalId is { } id && (id.Length > MaxExternalIdLength || id.Any(char.IsControl) || !SubjectMetadata.IsStorable(id)))
        {
            throw new UsageException($"external id has {id.Length} characters; expected at most {MaxExternalIdLength}, none of them a control character.");
        }

        if (Metadata is not null)
        {
            SubjectMetadata.Require(Metadata);
        }
    }
}
