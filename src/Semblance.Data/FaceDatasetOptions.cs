namespace Semblance.Data;

/// <summary>Which identities of a dataset are left out, and what its images are.</summary>
public sealed record FaceDatasetOptions
{
    /// <summary>Names of identities to leave out, compared exactly; names that do not occur are no error.</summary>
    public IReadOnlySet<string> ExcludedIdentities { get; init; } = new HashSet<string>();

    /// <summary>Identities with fewer image files than this are left out; at least 1. Files that turn out unreadable count here, since they are not opened yet.</summary>
    public int MinImages { get; init; } = 1;

    /// <summary>Crops the main face out of each photograph as it is decoded; null where the images are aligned crops already. The dataset does not own it.</summary>
    public IFaceCropper? Cropper { get; init; }
}
