namespace Semblance.Data;

/// <summary>One image cannot be read or decoded. Work over many images reports it and goes on.</summary>
public sealed class UnreadableImageException : SemblanceException
{
    /// <summary>Creates the exception; its message is "path: reason.".</summary>
    /// <param name="path">The image's path.</param>
    /// <param name="reason">A few words for a person, without a full stop.</param>
    /// <param name="cause">What was caught underneath, if anything.</param>
    public UnreadableImageException(string path, string reason, Exception? cause = null)
        : base($"{path}: {reason}.", cause)
    {
        (Path, Reason) = (path, reason);
    }

    /// <summary>The image's path.</summary>
    public string Path { get; }

    /// <summary>What is wrong with it, without a full stop.</summary>
    public string Reason { get; }

    /// <summary>Whether the image is a sound photograph that shows no usable face.</summary>
    public bool HasNoFace { get; init; }

    /// <summary>Path and reason as an entry of a report.</summary>
    public UnreadableImage ToEntry() => new(Path, Reason) { HasNoFace = HasNoFace };
}
