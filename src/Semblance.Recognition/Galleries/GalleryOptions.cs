namespace Semblance.Recognition.Galleries;

/// <summary>How a gallery is opened, whatever the store.</summary>
public sealed record GalleryOptions
{
    /// <summary>Whether the gallery is only read; a write is then refused.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Seconds to wait for others that are writing, 1 to 3,600. Default 30.</summary>
    public int BusyTimeoutSeconds { get; init; } = 30;

    /// <summary>The keys of encrypted templates; null where there are none. A gallery that is made with keys is encrypted from the start; one that is in the clear stays so until <see cref="IGallery.ChangeKeys"/>.</summary>
    public TemplateKeyRing? Keys { get; init; }

    /// <summary>The clock that decides who has expired and dates what is new.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="UsageException">A value is out of range.</exception>
    public void Validate()
    {
        if (BusyTimeoutSeconds is < 1 or > 3600)
        {
            throw new UsageException($"busy timeout is {BusyTimeoutSeconds} s; expected 1 to 3600.");
        }
    }
}
