namespace Semblance.Training.Loop.Watching;

/// <summary>Counts of target angles in 36 bins of 5°, from 0° to 180°, over an epoch.</summary>
internal sealed class AngleHistogram
{
    /// <summary>Number of bins.</summary>
    public const int Bins = 36;

    private const float Width = 180f / Bins;

    private readonly long[] _counts = new long[Bins];

    /// <summary>The counts.</summary>
    public IReadOnlyList<long> Counts => _counts;

    /// <summary>Whether any angle was counted.</summary>
    public bool IsEmpty => Array.TrueForAll(_counts, count => count == 0);

    /// <summary>Counts the angles of a batch; 180° lies in the last bin.</summary>
    /// <param name="degrees">The angles.</param>
    public void Add(ReadOnlySpan<float> degrees)
    {
        foreach (float angle in degrees)
        {
            if (float.IsFinite(angle))
            {
                _counts[Math.Clamp((int)(angle / Width), 0, Bins - 1)]++;
            }
        }
    }

    /// <summary>Starts anew, from saved counts where there are some.</summary>
    public void Restore(IReadOnlyList<long>? counts = null)
    {
        for (int i = 0; i < Bins; i++)
        {
            _counts[i] = counts is null ? 0 : counts[i];
        }
    }
}
