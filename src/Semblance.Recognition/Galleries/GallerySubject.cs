using System.Text.Json.Serialization;

namespace Semblance.Recognition.Galleries;

/// <summary>A person in a gallery.</summary>
/// <param name="Id">The subject's number, never used twice within a store.</param>
/// <param name="Name">The name, unique within the gallery.</param>
/// <param name="Templates">How many templates the gallery holds of this person.</param>
/// <param name="Created">When the first of them was enrolled (UTC).</param>
public sealed record GallerySubject(
    [property: JsonPropertyName("id")] long Id,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("templates")] int Templates,
    [property: JsonPropertyName("created")] DateTimeOffset Created)
{
    /// <summary>The subject's id in another system, or null.</summary>
    [JsonPropertyName("external_id")]
    public string? ExternalId { get; init; }

    /// <summary>Keys and values to filter by; empty where there are none.</summary>
    [JsonPropertyName("metadata")]
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>When the subject was last identified (UTC), or null.</summary>
    [JsonPropertyName("last_seen")]
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>From when on the subject is never found (UTC), or null.</summary>
    [JsonPropertyName("expires")]
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Whether the subject has expired.</summary>
    /// <param name="now">The present moment.</param>
    public bool IsExpired(DateTimeOffset now) => Expires <= now;
}
