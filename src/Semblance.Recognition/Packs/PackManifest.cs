namespace Semblance.Recognition.Packs;

/// <summary>What <c>pack.json</c> says: the models of a pack, each pinned by its hash, and the licence they come with.</summary>
public sealed record PackManifest
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "pack.json";

    /// <summary>The version of the format that is written.</summary>
    public const int CurrentFormat = 1;

    /// <summary>SPDX's word for a licence that nobody has stated.</summary>
    public const string UnknownLicense = "NOASSERTION";

    /// <summary>The version of the format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The pack's name: lower-case letters, digits, '-', '_' and '.', beginning with a letter or digit, at most 64.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in a line.</summary>
    public string Description { get; init; } = "";

    /// <summary>The licence by its SPDX name.</summary>
    public string License { get; init; } = UnknownLicense;

    /// <summary>The file with the licence's text, beside the manifest; null where there is none.</summary>
    public string? LicenseFile { get; init; }

    /// <summary>The models. The first detector is the pack's default, so is the first embedder.</summary>
    public required IReadOnlyList<PackModel> Models { get; init; }

    /// <summary>Where an installed pack came from; null in a manifest that travels.</summary>
    public string? Source { get; init; }

    /// <summary>When it was installed; null in a manifest that travels.</summary>
    public DateTimeOffset? Installed { get; init; }
}
