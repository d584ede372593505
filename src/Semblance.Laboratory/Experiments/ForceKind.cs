namespace Semblance.Laboratory.Experiments;

/// <summary>Between what a loss exerts its force: this decides what its figure shows.</summary>
public enum ForceKind
{
    /// <summary>Between an anchor and photos of the same person and of another that are no anchors themselves.</summary>
    Anchor,

    /// <summary>The same where a loss looks from both photos of a pair: in a batch of three, each of which is the anchor in turn.</summary>
    Photos,

    /// <summary>The same where identities come in pairs of photos: a batch of four, the other person's first photo at right angles to all.</summary>
    PhotoPairs,

    /// <summary>Between a photo of the batch and remembered ones.</summary>
    Memory,

    /// <summary>Between a photo and the proxies of its own and of another class.</summary>
    Proxies,

    /// <summary>Between a photo and its class's running centre.</summary>
    OwnCentre,

    /// <summary>Between the centres of two classes.</summary>
    ClassCentres,

    /// <summary>On the length of an embedding.</summary>
    EmbeddingLength,

    /// <summary>On the length of a class's centre.</summary>
    CentreLength,
}
