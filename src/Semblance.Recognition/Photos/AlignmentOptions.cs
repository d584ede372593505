namespace Semblance.Recognition.Photos;

/// <summary>How crops are stored.</summary>
public enum CropFormat
{
    /// <summary>JPEG of quality 95; grey photos stay grey.</summary>
    Jpeg,

    /// <summary>PNG, without loss.</summary>
    Png,
}

/// <summary>What an alignment cuts out, and how it is stored.</summary>
public sealed record AlignmentOptions
{
    /// <summary>Whether to cut out all faces of a photo (name.0.jpg, name.1.jpg, …, the main one first) instead of the main one (name.jpg).</summary>
    public bool AllFaces { get; init; }

    /// <summary>The least that a face must offer.</summary>
    public QualityThresholds Thresholds { get; init; } = new();

    /// <summary>How crops are stored.</summary>
    public CropFormat Format { get; init; }

    /// <summary>Photos that are worked on at once; 0 for as many as there are cores.</summary>
    public int Workers { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="UsageException">A value is out of range.</exception>
    public void Validate()
    {
        Thresholds.Validate();
        if (!Enum.IsDefined(Format))
        {
            throw new UsageException($"the format is {(int)Format}; expected one of {string.Join(", ", Enum.GetNames<CropFormat>())}.");
        }

        if (Workers < 0)
        {
            throw new UsageException($"workers is {Workers}; expected 1 or more, or 0 for all cores.");
        }
    }
}
