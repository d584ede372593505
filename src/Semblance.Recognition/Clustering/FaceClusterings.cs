namespace Semblance.Recognition.Clustering;

/// <summary>The ways to cluster faces, by name.</summary>
public static class FaceClusterings
{
    // A new way adds one line.
    private static readonly IReadOnlyDictionary<string, Func<ClusteringOptions, IFaceClustering>> Kinds =
        new Dictionary<string, Func<ClusteringOptions, IFaceClustering>>(StringComparer.Ordinal)
        {
            ["density"] = static options => new DensityPeaks(options.Neighbours),
            ["chinese-whispers"] = static options => new ChineseWhispers(options.Neighbours, options.Seed),
            ["average-link"] = static _ => new AverageLink(),
        };

    /// <summary>The names that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Names => [.. Kinds.Keys];

    /// <summary>Sets a way up.</summary>
    /// <param name="options">Its name, and what it needs to know.</param>
    /// <exception cref="UsageException">There is no such name, or a value is out of range.</exception>
    public static IFaceClustering Create(ClusteringOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return Kinds.TryGetValue(options.Algorithm, out Func<ClusteringOptions, IFaceClustering>? make)
            ? make(options)
            : throw new UsageException($"there is no algorithm '{options.Algorithm}'; {NameSuggestion.Sentence(options.Algorithm, Names)}");
    }
}
