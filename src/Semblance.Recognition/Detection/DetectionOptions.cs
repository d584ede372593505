namespace Semblance.Recognition.Detection;

/// <summary>What a detector reports. Values left null are the model family's published ones.</summary>
public sealed record DetectionOptions
{
    /// <summary>The least confidence of a face, in (0, 1).</summary>
    public double? MinScore { get; init; }

    /// <summary>Of two boxes whose intersection over union is above this, the less confident goes (greedy non-maximum suppression); in (0, 1).</summary>
    public double? SuppressionOverlap { get; init; }

    /// <summary>The least height of a face in pixels of the photo; 0 for any.</summary>
    public double MinHeight { get; init; }

    /// <summary>The most faces to report, the most confident first; at least 1.</summary>
    public int MaxFaces { get; init; } = 1000;

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

        static void RequireShare(string name, double? value)
        {
            if (value is { } share && !(share > 0 && share < 1))
            {
                throw new UsageException($"{name} is {share}; expected a number between 0 and 1.");
            }
        }
    }
}
