namespace Semblance.Recognition.Search;

/// <summary>How an <see cref="HnswIndex"/> is built and searched. Names in brackets are those of Malkov and Yashunin 2018.</summary>
public sealed record HnswOptions
{
    /// <summary>Links of a row on each upper level [M]; on the lowest level it has twice as many [Mmax0]. 4 to 128.</summary>
    public int Links { get; init; } = 16;

    /// <summary>Candidates kept while the neighbours of a new row are looked for [efConstruction]. 8 to 10,000. More makes a better graph, in proportionally more time.</summary>
    public int BuildWidth { get; init; } = 100;

    /// <summary>Candidates kept while a probe's neighbours are looked for [ef]; a search for more rows keeps as many as it looks for. 1 to 100,000.</summary>
    public int SearchWidth { get; init; } = 64;

    /// <summary>The smallest and the largest <see cref="Links"/>.</summary>
    internal static (int Least, int Most) LinksRange => (4, 128);

    /// <summary>The smallest and the largest <see cref="BuildWidth"/>.</summary>
    internal static (int Least, int Most) BuildRange => (8, 10_000);

    /// <summary>The smallest and the largest <see cref="SearchWidth"/>.</summary>
    internal static (int Least, int Most) SearchRange => (1, 100_000);

    /// <summary>The description that makes such an index.</summary>
    internal string Description => FormattableString.Invariant($"hnsw,m={Links},efc={BuildWidth},ef={SearchWidth}");

    /// <summary>Reads the options of a description; what it does not name comes from <paramref name="otherwise"/>.</summary>
    internal static HnswOptions Read(IndexOptions options, HnswOptions otherwise)
    {
        int links = options.Number("m", otherwise.Links, LinksRange.Least, LinksRange.Most);
        int build = options.Number(options.Written("efc", "ef_construction"), otherwise.BuildWidth, BuildRange.Least, BuildRange.Most);
        int search = options.Number("ef", otherwise.SearchWidth, SearchRange.Least, SearchRange.Most);
        return new HnswOptions { Links = links, BuildWidth = build, SearchWidth = search };
    }

    /// <summary>Refuses values out of range.</summary>
    internal void Check()
    {
        Require(Links, LinksRange, nameof(Links));
        Require(BuildWidth, BuildRange, nameof(BuildWidth));
        Require(SearchWidth, SearchRange, nameof(SearchWidth));

        static void Require(int value, (int Least, int Most) range, string name)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, range.Least, name);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, range.Most, name);
        }
    }
}
