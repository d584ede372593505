using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Semblance.Recognition.Search;

/// <summary>
/// A matrix in a .npy file (versions 1 to 3; float16, float32 or float64; little-endian; row after row), read a few rows at a time as
/// float32. Any number of threads may read.
/// </summary>
public sealed class NumpyMatrix : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly int _offset;

    private NumpyMatrix(string path, SafeFileHandle file, int offset, int rows, int columns, NumpyElement element) =>
        (Path, _file, _offset, Rows, Columns, Element) = (path, file, offset, rows, columns, element);

    private delegate void Conversion<T>(ReadOnlySpan<T> from, Span<float> to);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Rows, at least 1.</summary>
    public int Rows { get; }

    /// <summary>Numbers in a row, 1 to 65,536.</summary>
    public int Columns { get; }

    /// <summary>What the file holds.</summary>
    public NumpyElement Element { get; }

    /// <summary>Whether a file begins as a .npy file does.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SemblanceException">It cannot be read.</exception>
    public static bool IsNumpyFile(string path)
    {
        using SafeFileHandle file = OpenHandle(path);
        return NumpyHeader.HasMagic(Start(path, file, 8));
    }

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SemblanceException">It cannot be read, is no .npy file, or holds something else than such a matrix.</exception>
    public static NumpyMatrix Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        SafeFileHandle file = OpenHandle(path);
        try
        {
            NumpyHeader header = NumpyHeader.Parse(Start(path, file, NumpyHeader.MostBytes));
            NumpyElement element = header.Element switch
            {
                "<f2" => NumpyElement.Float16,
                "<f4" => NumpyElement.Float32,
                "<f8" => NumpyElement.Float64,
                _ => throw new FormatException($"the numbers are '{header.Element}'; '<f2', '<f4' and '<f8' can be read (a.astype('<f4') converts)."),
            };
            string shape = $"({string.Join(", ", header.Shape)}{(header.Shape.Count == 1 ? "," : "")})";
            if (header.Shape.Count != 2)
            {
                throw new FormatException($"the shape is {shape}; two axes are expected, vectors × numbers (a.reshape(1, -1) makes one vector a matrix).");
            }

            (long rows, long columns) = (header.Shape[0], header.Shape[1]);
            if (rows < 1 || columns < 1 || rows > Array.MaxLength || columns > ExactIndex.MaxDimension)
            {
                throw new FormatException($"the shape is {shape}; at least one vector of 1 to {ExactIndex.MaxDimension} numbers is expected.");
            }

            if (header.FortranOrder && rows > 1 && columns > 1)
            {
                throw new FormatException("the matrix lies column after column; numpy.ascontiguousarray puts it row after row.");
            }

            long expected = header.DataOffset + (rows * columns * (int)element);
            long actual = RandomAccess.GetLength(file);
            if (actual != expected)
            {
                throw new FormatException($"the file has {actual} bytes, {expected} are expected of {shape}; it is {(actual < expected ? "cut short" : "too long")}.");
            }

            return new NumpyMatrix(path, file, header.DataOffset, (int)rows, (int)columns, element);
        }
        catch (FormatException e)
        {
            file.Dispose();
            throw new SemblanceException($"{path}: {e.Message}", e);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads rows.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <param name="values">Takes count × <see cref="Columns"/> numbers.</param>
    /// <exception cref="ArgumentException">There are no such rows, or the span has another length.</exception>
    /// <exception cref="SemblanceException">The file cannot be read, or a number is none, infinite, or too large for float32.</exception>
    public void Read(int first, int count, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (first > Rows - count || values.Length != (long)count * Columns)
        {
            throw new ArgumentException($"{count} rows from {first} into {values.Length} floats; there are {Rows} rows of {Columns}.", nameof(values));
        }

        long position = _offset + ((long)first * Columns * (int)Element);
        switch (Element)
        {
            case NumpyElement.Float32:
                Fill(MemoryMarshal.AsBytes(values), position);
                break;
            case NumpyElement.Float16:
                Converted<Half>(values, position, TensorPrimitives.ConvertToSingle);
                break;
            default:
                Converted<double>(values, position, TensorPrimitives.ConvertTruncating<double, float>);
                break;
        }

        if (!values.IsEmpty && !TensorPrimitives.IsFiniteAll<float>(values))
        {
            int at = 0;
            while (float.IsFinite(values[at]))
            {
                at++;
            }

            throw new SemblanceException(
                $"{Path}: row {first + (at / Columns)}, column {at % Columns} is {(float.IsNaN(values[at]) ? "no number (NaN)" : "infinite or too large for float32")}; every number must be finite.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static SafeFileHandle OpenHandle(string path)
    {
        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static byte[] Start(string path, SafeFileHandle file, int bytes)
    {
        try
        {
            byte[] start = new byte[bytes];
            int length = 0;
            for (int read = -1; read != 0 && length < bytes; length += read)
            {
                read = RandomAccess.Read(file, start.AsSpan(length), length);
            }

            return start[..length];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new SemblanceException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private void Converted<T>(Span<float> values, long position, Conversion<T> convert)
        where T : unmanaged
    {
        const int AtOnce = 1 << 16;
        T[] buffer = ArrayPool<T>.Shared.Rent(Math.Min(AtOnce, values.Length));
        for (int done = 0; done < values.Length;)
        {
            Span<T> part = buffer.AsSpan(0, Math.Min(buffer.Length, values.Length - done));
            Fill(MemoryMarshal.AsBytes(part), position + ((long)done * (int)Element));
            convert(part, values.Slice(done, part.Length));
            done += part.Length;
        }

        ArrayPool<T>.Shared.Return(buffer);
    }

    private void Fill(Span<byte> bytes, long position)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                int read = RandomAccess.Read(_file, bytes, position);
                if (read == 0)
                {
                    throw new SemblanceException($"{Path}: the file was cut short while it was read.");
                }

                bytes = bytes[read..];
                position += read;
            }
        }
        catch (IOException e)
        {
            throw new SemblanceException($"{Path}: cannot be read: {e.Message}", e);
        }
    }
}
