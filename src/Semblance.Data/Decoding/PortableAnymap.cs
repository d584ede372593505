using Semblance.Imaging;

namespace Semblance.Data.Decoding;

/// <summary>
/// Reads PGM and PPM (Netpbm: P2 and P3 as text, P5 and P6 as bytes, maximum value up to 65535), which Skia does not.
/// Other maxima than 255 are scaled to 0…255.
/// </summary>
internal static class PortableAnymap
{
    /// <summary>Whether the bytes begin as a PGM or PPM does.</summary>
    public static bool Recognises(ReadOnlySpan<byte> bytes) =>
        bytes.Length > 2 && bytes[0] == 'P' && bytes[1] is (byte)'2' or (byte)'3' or (byte)'5' or (byte)'6'
        && (IsSpace(bytes[2]) || bytes[2] == '#');

    /// <summary>Decodes the first image of the file.</summary>
    /// <exception cref="UnreadableImageException">The header has no sense, samples are missing, or it is enormous.</exception>
    public static PixelBuffer Read(ReadOnlySpan<byte> bytes, string name)
    {
        bool text = bytes[1] is (byte)'2' or (byte)'3';
        int channels = bytes[1] is (byte)'3' or (byte)'6' ? 3 : 1;
        int at = 2;
        int width = NextNumber(bytes, ref at, name);
        int height = NextNumber(bytes, ref at, name);
        int maximum = NextNumber(bytes, ref at, name);
        if (width < 1 || height < 1 || maximum is < 1 or > 65535)
        {
            throw new UnreadableImageException(name, $"the PGM/PPM header says {width}×{height} with maximum {maximum}, which has no sense");
        }

        ImageDecoder.RefuseEnormous(width, height, name);
        int count = width * height * channels;
        byte[] samples = new byte[count];
        if (text)
        {
            for (int i = 0; i < count; i++)
            {
                samples[i] = Scale(NextNumber(bytes, ref at, name), maximum);
            }

            return new PixelBuffer(width, height, channels, samples);
        }

        // Exactly one white-space byte divides the header from the samples.
        at++;
        int size = maximum > 255 ? 2 : 1;
        if (bytes.Length - at < (long)count * size)
        {
            throw new UnreadableImageException(name, "the image is cut short");
        }

        ReadOnlySpan<byte> raw = bytes.Slice(at, count * size);
        for (int i = 0; i < count; i++)
        {
            samples[i] = Scale(size == 1 ? raw[i] : (raw[2 * i] << 8) | raw[(2 * i) + 1], maximum);
        }

        return new PixelBuffer(width, height, channels, samples);
    }

    private static byte Scale(int value, int maximum) =>
        maximum == 255 ? (byte)Math.Min(value, 255) : (byte)(((Math.Min(value, maximum) * 255) + (maximum / 2)) / maximum);

    private static int NextNumber(ReadOnlySpan<byte> bytes, ref int at, string name)
    {
        while (at < bytes.Length && (IsSpace(bytes[at]) || bytes[at] == '#'))
        {
            if (bytes[at] == '#')
            {
                while (at < bytes.Length && bytes[at] != '\n')
                {
                    at++;
                }
            }
            else
            {
                at++;
            }
        }

        if (at >= bytes.Length)
        {
            throw new UnreadableImageException(name, "the image is cut short");
        }

        int start = at;
        int value = 0;
        while (at < bytes.Length && bytes[at] is >= (byte)'0' and <= (byte)'9' && at - start < 9)
        {
            value = (value * 10) + (bytes[at++] - '0');
        }

        return at > start ? value : throw new UnreadableImageException(name, "the PGM/PPM holds something that is no number");
    }

    private static bool IsSpace(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or 11 or 12;
}
