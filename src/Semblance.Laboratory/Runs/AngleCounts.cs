namespace Semblance.Laboratory.Runs;

/// <summary>How many samples of an epoch stood at which angle to their own class's centre.</summary>
/// <param name="Stage">Index of the stage.</param>
/// <param name="Epoch">Epoch over all stages, from 1.</param>
/// <param name="Counts">Counts in equal bins from 0° to 180°.</param>
public sealed record AngleCounts(int Stage, int Epoch, IReadOnlyList<long> Counts)
{
    /// <summary>Width of a bin in degrees.</summary>
    public double BinWidth => 180.0 / Counts.Count;

    /// <summary>Samples in all.</summary>
    public long Total => Counts.Sum();

    /// <summary>The mean angle in degrees, each bin counting as its middle; 0 where there are no samples.</summary>
    public double Mean => Total == 0 ? 0 : Counts.Select((count, bin) => count * (bin + 0.5) * BinWidth).Sum() / Total;

    /// <summary>The share of samples between two angles, which should be ends of bins.</summary>
    /// <param name="from">Degrees.</param>
    /// <param name="to">Degrees.</param>
    /// <returns>0…1; 0 where there are no samples.</returns>
    public double Share(double from, double to)
    {
        long within = Counts.Where((_, bin) => bin * BinWidth >= from && bin * BinWidth < to).Sum();
        return Total == 0 ? 0 : (double)within / Total;
    }
}
