namespace Semblance.Recognition.Search;

/// <summary>How an <see cref="ExactIndex"/> keeps its rows. The numbers are those in index files.</summary>
public enum RowStorage
{
    /// <summary>4 bytes a number: <c>flat</c>.</summary>
    Float32 = 0,

    /// <summary>2 bytes a number: <c>flat-f16</c>. Scores are those of the rows rounded to 11 significant bits: within 5e-4 of float32's.</summary>
    Float16 = 1,

    /// <summary>
    /// 1 byte a number to scan, and 4 beside them to score what the scan cannot rule out: <c>flat-int8</c>. The hits are float32's, bit for bit.
    /// </summary>
    Int8 = 2,
}
