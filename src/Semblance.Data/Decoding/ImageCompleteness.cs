using System.Buffers.Binary;

namespace Semblance.Data.Decoding;

/// <summary>
/// Whether a file has its end. Decoders show what there is of an unfinished file: a progressive JPEG cut in half comes out whole but coarse,
/// without an error. So the file's own structure is walked first.
/// </summary>
internal static class ImageCompleteness
{
    /// <summary>Whether a JPEG, PNG or WebP is there to its end; other formats are left to their decoder.</summary>
    public static bool HasEnd(ReadOnlySpan<byte> bytes)
    {
        if (ImageSignature.IsJpeg(bytes))
        {
            return JpegHasEnd(bytes);
        }

        if (ImageSignature.IsPng(bytes))
        {
            return PngHasEnd(bytes);
        }

        return !ImageSignature.IsWebp(bytes) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) + 8L <= bytes.Length;
    }

    // Segments (ITU-T T.81, annex B) by their lengths, so that a thumbnail's end inside one is not taken for the image's; coded data up to the
    // next marker that is neither a stuffed zero nor a restart.
    private static bool JpegHasEnd(ReadOnlySpan<byte> bytes)
    {
        int at = 2;
        while (at + 1 < bytes.Length)
        {
            byte marker = bytes[at + 1];
            if (bytes[at] != 0xFF)
            {
                return false;
            }

            switch (marker)
            {
                case 0xFF:
                    at++;
                    continue;
                case 0xD9:
                    return true;
                case 0x01 or (>= 0xD0 and <= 0xD8):
                    at += 2;
                    continue;
            }

            if (at + 3 >= bytes.Length)
            {
                return false;
            }

            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (marker == 0xDA)
            {
                at = SkipCoded(bytes, at);
            }
        }

        return false;
    }

    private static int SkipCoded(ReadOnlySpan<byte> bytes, int at)
    {
        while (at + 1 < bytes.Length)
        {
            int next = bytes[at..].IndexOf((byte)0xFF);
            if (next < 0)
            {
                break;
            }

            at += next;
            if (at + 1 < bytes.Length && bytes[at + 1] is not (0 or (>= 0xD0 and <= 0xD7)))
            {
                return at;
            }

            at += 2;
        }

        return bytes.Length;
    }

    private static bool PngHasEnd(ReadOnlySpan<byte> bytes)
    {
        // Chunks: length, type, data, checksum.
        for (long at = 8; at + 12 <= bytes.Length;)
        {
            ReadOnlySpan<byte> chunk = bytes[(int)at..];
            if (chunk[4..].StartsWith("IEND"u8))
            {
                return true;
            }

            at += 12L + BinaryPrimitives.ReadUInt32BigEndian(chunk);
        }

        return false;
    }
}
