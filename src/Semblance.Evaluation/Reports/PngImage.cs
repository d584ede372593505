using System.Buffers.Binary;
using System.IO.Compression;
using Semblance.Imaging;

namespace Semblance.Evaluation.Reports;

/// <summary>Codes small images as PNG (ISO/IEC 15948), each row filtered by "Sub", for embedding in pages.</summary>
internal static class PngImage
{
    private const uint Polynomial = 0xEDB88320;
    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static byte[] Encode(PixelBuffer image)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), image.Height);
        header[8] = 8;
        header[9] = (byte)(image.Channels == 1 ? 0 : 2);
        using var file = new MemoryStream();
        file.Write(Signature);
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Compress(image));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Compress(PixelBuffer image)
    {
        int stride = image.Width * image.Channels;
        byte[] row = new byte[stride + 1];
        row[0] = 1;
        using var result = new MemoryStream();
        using (var zlib = new ZLibStream(result, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (int y = 0; y < image.Height; y++)
            {
                ReadOnlySpan<byte> source = image.Data.AsSpan(y * stride, stride);
                for (int i = 0; i < stride; i++)
                {
                    row[i + 1] = (byte)(source[i] - (i < image.Channels ? 0 : source[i - image.Channels]));
                }

                zlib.Write(row);
            }
        }

        return result.ToArray();
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, byte[] content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(type);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), content));
        file.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (Polynomial & (0 - (crc & 1)));
            }
        }

        return crc;
    }
}
