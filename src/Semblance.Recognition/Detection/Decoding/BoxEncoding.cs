namespace Semblance.Recognition.Detection.Decoding;

/// <summary>What the numbers of a box say.</summary>
internal enum BoxEncoding
{
    /// <summary>Offsets of a prior's centre and logarithms of its sides, divided by the variances.</summary>
    Offsets,

    /// <summary>Left, top, right, bottom in shares of the frame.</summary>
    Shares,

    /// <summary>Left, top, right, bottom in pixels of the frame.</summary>
    Pixels,
}
