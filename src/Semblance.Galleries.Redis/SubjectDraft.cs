using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Redis;

/// <summary>A subject as a write leaves it, beside what it was before.</summary>
internal sealed class SubjectDraft(GallerySubject now, GallerySubject? before)
{
    /// <summary>The subject as it is stored; null where it is new.</summary>
    public GallerySubject? Before => before;

    /// <summary>The subject as it is to be.</summary>
    public GallerySubject Now { get; private set; } = now;

    /// <summary>Takes over what is not null.</summary>
    public void Apply(SubjectDetails details)
    {
        if (details.ExternalId is { } external)
        {
            Now = Now with { ExternalId = external.Length == 0 ? null : external };
        }

        if (details.Metadata is { } metadata)
        {
            Now = Now with { Metadata = metadata };
        }

        if (details.Expires is { } expires)
        {
            Now = Now with { Expires = expires == DateTimeOffset.MaxValue ? null : expires };
        }

        if (details.LastSeen is { } seen)
        {
            See(seen);
        }
    }

    /// <summary>Moves the last-seen time forwards.</summary>
    public void See(DateTimeOffset at)
    {
        if (!(Now.LastSeen >= at))
        {
            Now = Now with { LastSeen = at };
        }
    }
}
