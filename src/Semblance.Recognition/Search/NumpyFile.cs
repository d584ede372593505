using System.Runtime.InteropServices;
using Semblance.IO;

namespace Semblance.Recognition.Search;

/// <summary>Writes matrices as .npy files of version 1.0, little-endian, row after row; whole or not at all.</summary>
public static class NumpyFile
{
    /// <summary>Writes float32.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Numbers in a row, at least 1.</param>
    /// <param name="values">Whole rows.</param>
    /// <exception cref="SemblanceException">The file cannot be written.</exception>
    public static void Write(string path, int columns, ReadOnlyMemory<float> values) =>
        AtomicFile.Write(path, stream =>
        {
            WriteHeader<float>(stream, Rows(values.Length, columns), columns);
            WriteRows(stream, values.Span);
        });

    /// <summary>Writes int64.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Numbers in a row, at least 1.</param>
    /// <param name="values">Whole rows.</param>
    /// <exception cref="SemblanceException">The file cannot be written.</exception>
    public static void Write(string path, int columns, ReadOnlyMemory<long> values) =>
        AtomicFile.Write(path, stream =>
        {
            WriteHeader<long>(stream, Rows(values.Length, columns), columns);
            WriteRows(stream, values.Span);
        });

    /// <summary>Writes the header of rows that follow by <see cref="WriteRows"/>.</summary>
    internal static void WriteHeader<T>(Stream stream, long rows, int columns)
        where T : unmanaged =>
        stream.Write(NumpyHeader.Write(typeof(T) == typeof(long) ? "<i8" : typeof(T) == typeof(float) ? "<f4" : throw new NotSupportedException(typeof(T).Name), rows, columns));

    /// <summary>Writes numbers as they lie in memory.</summary>
    internal static void WriteRows<T>(Stream stream, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        const int AtOnce = 1 << 24;
        for (; !values.IsEmpty; values = values[Math.Min(AtOnce, values.Length)..])
        {
            stream.Write(MemoryMarshal.AsBytes(values[..Math.Min(AtOnce, values.Length)]));
        }
    }

    private static int Rows(int length, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        return length % columns == 0 ? length / columns : throw new ArgumentException($"{length} values are no whole rows of {columns}.", nameof(length));
    }
}
