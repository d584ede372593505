namespace Semblance.Recognition.Search;

/// <summary>How unit rows are laid out in a panel of 32, and how panels are searched. Without state; one object per storage.</summary>
internal abstract unsafe class RowFormat
{
    private static readonly RowFormat[] All = [new Float32Rows(), new Float16Rows(), new Int8Rows()];

    public abstract RowStorage Storage { get; }

    public abstract string Description { get; }

    /// <summary>Whether the float32 rows are kept beside the panels.</summary>
    public abstract bool KeepsOriginals { get; }

    public static RowFormat Of(RowStorage storage) => All[(int)storage];

    public static bool IsKnown(uint storage) => storage < All.Length;

    /// <summary>Bytes of a panel: a multiple of 64, so that every panel starts at a cache line.</summary>
    public abstract int PanelBytes(int dimension);

    /// <summary>Writes a row into its lane of a panel.</summary>
    public abstract void Write(byte* panel, int lane, ReadOnlySpan<float> unit);

    /// <summary>Copies a lane to a lane of another panel, bit for bit.</summary>
    public abstract void Copy(byte* from, int fromLane, byte* to, int toLane, int dimension);

    /// <summary>The best rows of segments for each probe.</summary>
    public abstract TopHits Search(ScanRequest request);
}
