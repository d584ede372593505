namespace Semblance.Recognition.Packs;

/// <summary>One model of a pack.</summary>
public sealed record PackModel
{
    /// <summary>What it is called within the pack: <c>PACK/NAME</c> chooses it where the pack has several of its role.</summary>
    public required string Name { get; init; }

    /// <summary>The file: its path beside the manifest, with forward slashes; its name in the pack's folder once installed.</summary>
    public required string File { get; init; }

    /// <summary>The file's SHA-256 in lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>What it is for.</summary>
    public required ModelRole Role { get; init; }

    /// <summary>The family of a detector or landmark model (<see cref="Detection.DetectorFamily"/>); null for an embedder.</summary>
    public string? Family { get; init; }

    /// <summary>The contract of an embedder; null where its file holds a card already, and for others.</summary>
    public EmbedderContract? Embedder { get; init; }

    /// <summary>What was made of the file when it was installed; null where it is used as it is.</summary>
    public DerivedFile? Derived { get; init; }
}
