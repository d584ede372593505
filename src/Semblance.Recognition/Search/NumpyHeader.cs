using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Semblance.Recognition.Search;

/// <summary>
/// The header of a .npy file: six bytes of magic, a version, a length, and a Python dictionary of exactly descr, fortran_order and shape.
/// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
/// </summary>
/// <param name="Element">The descr, for example <c>&lt;f4</c>.</param>
/// <param name="FortranOrder">Whether columns lie one after the other.</param>
/// <param name="Shape">The extents.</param>
/// <param name="DataOffset">Where the numbers begin.</param>
internal sealed record NumpyHeader(string Element, bool FortranOrder, IReadOnlyList<long> Shape, int DataOffset)
{
    /// <summary>More than any header of numbers needs, and what a file may make this program read.</summary>
    public const int MostBytes = 65536;

    private const int Align = 64;

    private static readonly byte[] Magic = [0x93, .. "NUMPY"u8];

    /// <summary>Whether a file that begins so means to be a .npy file.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> start) => start.StartsWith(Magic);

    /// <summary>Reads a header.</summary>
    /// <param name="start">The file's first bytes, up to <see cref="MostBytes"/>.</param>
    /// <exception cref="FormatException">It is none; the message goes after a file's name.</exception>
    public static NumpyHeader Parse(ReadOnlySpan<byte> start)
    {
        if (!HasMagic(start))
        {
            throw new FormatException("this is no .npy file; numpy.save writes one.");
        }

        if (start.Length < 12)
        {
            throw new FormatException("the file is cut short within its header.");
        }

        (int major, int minor) = (start[6], start[7]);
        if (major is < 1 or > 3 || minor != 0)
        {
            throw new FormatException($"the .npy version is {major}.{minor}; 1.0, 2.0 and 3.0 can be read.");
        }

        int prefix = major == 1 ? 10 : 12;
        long length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (prefix + length > MostBytes)
        {
            throw new FormatException($"the header says it has {length} bytes; a matrix of numbers needs some hundred.");
        }

        if (prefix + length > start.Length)
        {
            throw new FormatException("the file is cut short within its header.");
        }

        string text = (major == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(start.Slice(prefix, (int)length));
        var reader = new NumpyHeaderReader(text);
        (string element, bool fortranOrder, IReadOnlyList<long> shape) = reader.Dictionary();
        return new NumpyHeader(element, fortranOrder, shape, prefix + (int)length);
    }

    /// <summary>Writes a header of version 1.0 for rows that lie one after the other; numbers then begin at a multiple of 64.</summary>
    public static byte[] Write(string element, long rows, long columns)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '{element}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
        int total = (10 + text.Length + 1 + Align - 1) / Align * Align;
        byte[] header = new byte[total];
        Magic.CopyTo(header, 0);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(total - 10));
        header.AsSpan(10).Fill((byte)' ');
        Encoding.Latin1.GetBytes(text, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }
}
