namespace Semblance.Recognition.Detection;

/// <summary>What a detector reports. Values left null are the model family's published ones.</summary>
public sealed record DetectionOptions
{
    /// <summary>The least confidence of a face, in (0, 1).</summary>
    public double? MinScore { get; init; }

    /// <summary>Of two boxes whose intersection over union is above this, the less confident goes (non-maximum suppression); in (0, 1).</summary>
    public double? SuppressionOverlap { get; init; }

    /// <summary>The least height of a face in pixels of the photo; 0 for any.</summary>
    public double MinHeight { get; init; }

    /// <summary>The most faces to report, the most confident first; at least 1.</summary>
    public int MaxFaces { get; init; } = 1000;

    /// <summary>How hard to look for small faces in large photos.</summary>
    public FaceSearch Search { get; init; } = FaceSearch.Auto;

    /// <summary>The longer side of the input in pixels, for models that take any size; from 64 to 4096. Models of one size ignore it.</summary>
    public int InputSize { get; init; } = 640;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="UsageException">A value is out of range.</exception>
    public void Validate()
    {
        RequireShare("min-score", MinScore);
        RequireShare("suppression overlap", SuppressionOverlap);
        if (!(MinHeight >= 0 && double.IsFinite(MinHeight)))
        {
            throw new UsageException($"min-height is {MinHeight}; expected pixels, 0 or more.");
        }

        if (MaxFaces < 1)
        {
            throw new UsageException($"max-faces is {MaxFaces}; expected 1 or more.");
        }

        if (!Enum.IsDefined(Search))
        {
            throw new UsageException($"the search is {(int)Search}; expected one of {string.Join(", ", Enum.GetNames<FaceSearch>())}.");
        }

        if (InputSize is < 64 or > 4096)
        {
            throw new UsageException($"the input size is {InputSize}; expected 64 to 4096 pixels.");
        }

        static void RequireShare(string name, double? value)
        {
            if (value is { } share && !(share > 0 && share < 1))
            {
                throw new UsageException($"{name} is {share}; expected a number between 0 and 1.");
            }
        }
    }
}
