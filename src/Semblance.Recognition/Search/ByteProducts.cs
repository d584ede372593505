namespace Semblance.Recognition.Search;

/// <summary>How products of bytes are summed up to 32 bits.</summary>
internal enum ByteProducts
{
    /// <summary>128-bit vectors of any machine.</summary>
    Portable,

    /// <summary>Widened to 16 bits, then multiplied and added in pairs.</summary>
    Avx2,

    /// <summary>Four products a lane in one instruction.</summary>
    Vnni,
}
