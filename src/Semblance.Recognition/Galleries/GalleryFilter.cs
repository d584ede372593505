namespace Semblance.Recognition.Galleries;

/// <summary>Which subjects a search may return. Expired subjects are never returned, whatever the filter.</summary>
public sealed record GalleryFilter
{
    /// <summary>Metadata that a subject must have, key by key, exactly.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The least cosine, in [−1, 1]; −1 for any.</summary>
    public double MinCosine { get; init; } = -1;

    /// <summary>Whether a subject may be returned, whatever its cosine.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="now">The present moment.</param>
    public bool Accepts(GallerySubject subject, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (subject.IsExpired(now))
        {
            return false;
        }

        foreach ((string key, string value) in Metadata)
        {
            if (!subject.Metadata.TryGetValue(key, out string? own) || own != value)
            {
                return false;
            }
        }

        return true;
    }
}
