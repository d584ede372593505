namespace Semblance.Evaluation.Verification;

/// <summary>How a verification experiment is run.</summary>
public sealed record VerificationOptions
{
    /// <summary>Adds the embedding of the mirror image (as the published LFW figures do).</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Images in one model call, 1 to 4096.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>The folds to evaluate, for example 9 and 10; all where null.</summary>
    public IReadOnlyList<int>? Folds { get; init; }

    /// <summary>The rates of TAR@FAR, each in (0, 1].</summary>
    public IReadOnlyList<double> FarTargets { get; init; } = VerificationReport.DefaultFarTargets;
}
