using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Semblance.Data.Sources;

/// <summary>One file of a zip archive, as its central directory describes it.</summary>
internal readonly record struct ZipEntry(string Name, int Method, int Flags, uint Crc, long CompressedSize, long Size, long HeaderOffset);

/// <summary>
/// Reads the central directory of a zip archive (APPNOTE 6.3, Zip64 included). The class of the base library reads from one thread only;
/// offsets known, any number of threads can read.
/// </summary>
internal static class ZipDirectory
{
    private const uint EndSignature = 0x06054B50;
    private const uint Zip64LocatorSignature = 0x07064B50;
    private const uint Zip64EndSignature = 0x06064B50;
    private const uint EntrySignature = 0x02014B50;
    private const int EndLength = 22;
    private const int LongestComment = 65535;

    /// <summary>All files of the archive, in its own order; folders are left out.</summary>
    /// <exception cref="InvalidDataException">It is no zip archive or is cut short.</exception>
    public static List<ZipEntry> Read(SafeFileHandle file)
    {
        (long offset, long length) = Locate(file);
        if (offset < 0 || length is < 0 or > int.MaxValue || offset + length > RandomAccess.GetLength(file))
        {
            throw new InvalidDataException("its directory lies outside the file");
        }

        byte[] directory = ReadExactly(file, offset, (int)length);
        var entries = new List<ZipEntry>();
        int at = 0;
        while (at + 46 <= directory.Length && U32(directory, at) == EntrySignature)
        {
            int nameLength = U16(directory, at + 28), extraLength = U16(directory, at + 30), commentLength = U16(directory, at + 32);
            if (at + 46 + nameLength + extraLength + commentLength > directory.Length)
            {
                throw new InvalidDataException("its directory is cut short");
            }

            ReadOnlySpan<byte> extra = directory.AsSpan(at + 46 + nameLength, extraLength);
            int flags = U16(directory, at + 8);
            string name = (flags & 0x800) != 0 || IsUtf8(directory.AsSpan(at + 46, nameLength))
                ? Encoding.UTF8.GetString(directory, at + 46, nameLength)
                : Encoding.Latin1.GetString(directory, at + 46, nameLength);
            var entry = new ZipEntry(name, U16(directory, at + 10), flags, U32(directory, at + 16), U32(directory, at + 20), U32(directory, at + 24), U32(directory, at + 42));
            if (!name.EndsWith('/'))
            {
                entries.Add(Widen(entry, extra));
            }

            at += 46 + nameLength + extraLength + commentLength;
        }

        return at == directory.Length || entries.Count > 0 ? entries : throw new InvalidDataException("its directory is damaged");
    }

    /// <summary>Reads exactly so many bytes at an offset.</summary>
    /// <exception cref="InvalidDataException">The file ends before.</exception>
    public static byte[] ReadExactly(SafeFileHandle file, long offset, int length)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
        for (int done = 0; done < length;)
        {
            int read = RandomAccess.Read(file, bytes.AsSpan(done), offset + done);
            done += read > 0 ? read : throw new InvalidDataException("the archive is cut short");
        }

        return bytes;
    }

    private static (long Offset, long Length) Locate(SafeFileHandle file)
    {
        long size = RandomAccess.GetLength(file);
        int tailLength = (int)Math.Min(size, EndLength + LongestComment + 20);
        byte[] tail = ReadExactly(file, size - tailLength, tailLength);
        for (int at = tail.Length - EndLength; at >= 0; at--)
        {
            if (U32(tail, at) != EndSignature || at + EndLength + U16(tail, at + 20) > tail.Length)
            {
                continue;
            }

            if (at >= 20 && U32(tail, at - 20) == Zip64LocatorSignature)
            {
                byte[] end = ReadExactly(file, (long)U64(tail, at - 12), 56);
                return U32(end, 0) == Zip64EndSignature
                    ? ((long)U64(end, 48), (long)U64(end, 40))
                    : throw new InvalidDataException("its Zip64 directory is damaged");
            }

            return (U32(tail, at + 16), U32(tail, at + 12));
        }

        throw new InvalidDataException("it has no directory at its end, so it is cut short or no zip archive");
    }

    // Sizes of 0xFFFFFFFF stand in the Zip64 extra field (id 1), in this order and only those that overflow.
    private static ZipEntry Widen(ZipEntry entry, ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int length = U16(extra, 2);
            if (length + 4 > extra.Length)
            {
                break;
            }

            if (U16(extra, 0) == 1)
            {
                ReadOnlySpan<byte> values = extra.Slice(4, length);
                long size = Next(entry.Size, ref values);
                long compressed = Next(entry.CompressedSize, ref values);
                return entry with { Size = size, CompressedSize = compressed, HeaderOffset = Next(entry.HeaderOffset, ref values) };
            }

            extra = extra[(length + 4)..];
        }

        return entry;

        static long Next(long narrow, ref ReadOnlySpan<byte> values)
        {
            if (narrow != uint.MaxValue || values.Length < 8)
            {
                return narrow;
            }

            long wide = (long)U64(values, 0);
            values = values[8..];
            return wide;
        }
    }

    private static bool IsUtf8(ReadOnlySpan<byte> name) => System.Text.Unicode.Utf8.IsValid(name);

    private static int U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
