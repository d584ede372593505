using Semblance.Recognition.Galleries;

namespace Semblance.Recognition.Services;

/// <summary>What an identification is to answer.</summary>
public sealed record IdentificationOptions
{
    /// <summary>The most candidates per face, at least 1. Default 5.</summary>
    public int Top { get; init; } = 5;

    /// <summary>Which subjects may be returned; null for all that have not expired.</summary>
    public GalleryFilter? Filter { get; init; }

    /// <summary>Whether the gallery notes when its subjects were last seen: each best candidate that passes the threshold.</summary>
    public bool MarkSeen { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="UsageException">A value is out of range.</exception>
    public void Validate()
    {
        if (Top < 1)
        {
            throw new UsageException($"top is {Top}; expected 1 or more.");
        }
    }
}
