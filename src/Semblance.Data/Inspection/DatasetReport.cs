namespace Semblance.Data.Inspection;

/// <summary>What a dataset holds and what is wrong with it.</summary>
public sealed record DatasetReport
{
    /// <summary>The path inspected.</summary>
    public required string Source { get; init; }

    /// <summary>Number of identities.</summary>
    public required int Identities { get; init; }

    /// <summary>Number of image files that belong to an identity, unreadable ones included.</summary>
    public required int Images { get; init; }

    /// <summary>Images that cannot be read or decoded, by path.</summary>
    public required IReadOnlyList<UnreadableImage> Unreadable { get; init; }

    /// <summary>Images that lie beside the identity folders and belong to nobody.</summary>
    public required IReadOnlyList<string> WithoutIdentity { get; init; }

    /// <summary>How many identities have how many images (unreadable ones included); bins without identities are left out.</summary>
    public required IReadOnlyList<HistogramBin> ImagesPerIdentity { get; init; }

    /// <summary>The commonest sizes of readable images, commonest first, at most <see cref="DatasetInspector.ListedSizes"/>.</summary>
    public required IReadOnlyList<SizeCount> Sizes { get; init; }

    /// <summary>Readable images of sizes that are not listed.</summary>
    public required int OtherSizes { get; init; }

    /// <summary>Readable images with one channel.</summary>
    public required int GreyImages { get; init; }

    /// <summary>Groups of files of one identity with the same bytes.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> DuplicatesWithin { get; init; }

    /// <summary>Groups of files with the same bytes under more than one identity: at least one label of each group is wrong.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> DuplicatesAcross { get; init; }
}

/// <summary>A bin of the histogram of images per identity.</summary>
/// <param name="From">Fewest images, inclusive.</param>
/// <param name="To">Most images, inclusive.</param>
/// <param name="Identities">Number of identities in between.</param>
public sealed record HistogramBin(int From, int To, int Identities);

/// <summary>How many images have a size.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Images">Number of images.</param>
public sealed record SizeCount(int Width, int Height, int Images);
