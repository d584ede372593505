namespace Semblance.Data.Decoding;

/// <summary>The first bytes by which an image file is told from something else that bears its extension.</summary>
internal static class ImageSignature
{
    /// <summary>Whether the bytes begin as JPEG, PNG, WebP or BMP do.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> bytes) =>
        IsJpeg(bytes)
        || bytes.StartsWith(Png)
        || (bytes.StartsWith("RIFF"u8) && bytes.Length >= 12 && bytes[8..].StartsWith("WEBP"u8))
        || bytes.StartsWith("BM"u8);

    /// <summary>Whether the bytes begin as a JPEG does.</summary>
    public static bool IsJpeg(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Jpeg);

    private static ReadOnlySpan<byte> Jpeg => [0xFF, 0xD8, 0xFF];

    private static ReadOnlySpan<byte> Png => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
}
