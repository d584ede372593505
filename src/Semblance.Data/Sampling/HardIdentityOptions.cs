namespace Semblance.Data.Sampling;

/// <summary>How <see cref="HardIdentitySampler"/> groups identities and when it looks at the model.</summary>
public sealed record HardIdentityOptions
{
    /// <summary>Identities in a group, at least 2: one and its look-alikes. 2 as in Smirnov et al. 2017.</summary>
    public int Group { get; init; } = 2;

    /// <summary>The look-alikes are drawn among this many nearest identities; null for the Group − 1 nearest themselves.</summary>
    public int? Neighbours { get; init; }

    /// <summary>Epochs between looks at the model, at least 1.</summary>
    public int RefreshEpochs { get; init; } = 1;

    /// <summary>Where the place of an identity comes from.</summary>
    public CentreSource Centres { get; init; } = CentreSource.Auto;

    /// <summary>Images of each identity that a mean embedding is taken over, drawn at random; null for all of them.</summary>
    public int? MeanImages { get; init; }
}
