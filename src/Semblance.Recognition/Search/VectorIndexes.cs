namespace Semblance.Recognition.Search;

/// <summary>Indexes by their short description: a name, and options where the kind has any, for example <c>flat</c> or <c>hnsw,m=32,ef=128</c>.</summary>
public static class VectorIndexes
{
    // A new kind adds one line. The options are what follows the name.
    private static readonly IReadOnlyDictionary<string, Func<int, IndexOptions, IMutableVectorIndex>> Kinds =
        new Dictionary<string, Func<int, IndexOptions, IMutableVectorIndex>>(StringComparer.Ordinal)
        {
            ["flat"] = static (dimension, _) => new FlatIndex(ExactIndex.Empty(dimension)),
            ["flat-f16"] = static (dimension, _) => new FlatIndex(ExactIndex.Empty(dimension, RowStorage.Float16)),
            ["flat-int8"] = static (dimension, _) => new FlatIndex(ExactIndex.Empty(dimension, RowStorage.Int8)),
            ["hnsw"] = static (dimension, options) => new HnswIndex(dimension, HnswOptions.Read(options, new HnswOptions())),
        };

    /// <summary>The names that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Names => [.. Kinds.Keys];

    /// <summary>The options in a description of the kind <c>hnsw</c>; null for other kinds.</summary>
    /// <param name="description">A name, then options as <c>,key=value</c>.</param>
    /// <param name="otherwise">Options that the description does not name.</param>
    /// <exception cref="UsageException">No such option, or a value out of range.</exception>
    internal static HnswOptions? HnswOptionsOf(string description, HnswOptions otherwise)
    {
        string[] parts = description.Split(',', StringSplitOptions.TrimEntries);
        if (parts[0] != "hnsw")
        {
            return null;
        }

        var options = new IndexOptions(description, parts.AsSpan(1));
        HnswOptions read = HnswOptions.Read(options, otherwise);
        options.RequireAllRead();
        return read;
    }

    /// <summary>Creates an empty index.</summary>
    /// <param name="description">A name, then options as <c>,key=value</c>.</param>
    /// <param name="dimension">Floats in a vector, 1 to 65,536.</param>
    /// <exception cref="UsageException">No such kind, no such option, or a value out of range.</exception>
    public static IMutableVectorIndex Create(string description, int dimension)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(description);
        string[] parts = description.Split(',', StringSplitOptions.TrimEntries);
        if (!Kinds.TryGetValue(parts[0], out Func<int, IndexOptions, IMutableVectorIndex>? make))
        {
            throw new UsageException($"'{parts[0]}' is no kind of index; there are {string.Join(", ", Names)}.");
        }

        var options = new IndexOptions(description, parts.AsSpan(1));
        IMutableVectorIndex index = make(dimension, options);
        options.RequireAllRead();
        return index;
    }
}
