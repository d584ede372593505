namespace Semblance.Recognition.Clustering;

/// <summary>How faces are put into groups.</summary>
public sealed record ClusteringOptions
{
    /// <summary>One of <see cref="FaceClusterings.Names"/>.</summary>
    public string Algorithm { get; init; } = "density";

    /// <summary>The cosine from which on faces, or groups, are one person's, in (−1, 1); null for <see cref="ClusteringThreshold.For"/>.</summary>
    public double? Threshold { get; init; }

    /// <summary>Nearest neighbours of each face that are looked at, from 1 to 10,000. Average-link looks at all and passes it over.</summary>
    public int Neighbours { get; init; } = 80;

    /// <summary>The least faces of a group, at least 1; those of smaller ones count as alone.</summary>
    public int MinSize { get; init; } = 2;

    /// <summary>Decides what is drawn at random: the order in which Chinese whispers asks.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="UsageException">A value is out of range.</exception>
    public void Validate()
    {
        if (Threshold is { } threshold && !(threshold > -1 && threshold < 1))
        {
            throw new UsageException($"the threshold is {threshold}; expected a cosine between -1 and 1.");
        }

        if (Neighbours is < 1 or > 10_000)
        {
            throw new UsageException($"neighbours is {Neighbours}; expected 1 to 10000.");
        }

        if (MinSize < 1)
        {
            throw new UsageException($"the least size of a group is {MinSize}; expected 1 or more.");
        }
    }
}
