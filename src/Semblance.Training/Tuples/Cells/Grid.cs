using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples.Cells;

/// <summary>
/// The cells of a contiguous CPU tensor as rows of memory. A pass over a batch × batch matrix in tensor operations costs as many passes as
/// there are operations; a loop over rows makes it one. The tensor must outlive the grid.
/// </summary>
/// <typeparam name="T">float, double, long, or byte for a mask.</typeparam>
internal readonly unsafe struct Grid<T>
    where T : unmanaged
{
    private readonly T* _first;

    private Grid(T* first, int rows, int columns)
    {
        _first = first;
        (Rows, Columns) = (rows, columns);
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns; of a vector its length.</summary>
    public int Columns { get; }

    /// <summary>One row.</summary>
    /// <param name="row">Its index.</param>
    public Span<T> this[int row] => new(_first + ((nint)row * Columns), Columns);

    /// <summary>The cells of a matrix, or of a vector as one row.</summary>
    /// <param name="tensor">Contiguous, on the CPU, of elements of this size.</param>
    public static Grid<T> Of(Tensor tensor)
    {
        long[] shape = tensor.shape;
        Span<T> cells = MemoryMarshal.Cast<byte, T>(tensor.bytes);
        if (cells.Length != tensor.numel() || !tensor.is_contiguous())
        {
            throw new InvalidOperationException($"A {tensor.dtype} tensor [{string.Join(" × ", shape)}] cannot be read as rows of {typeof(T).Name}.");
        }

        // The memory is libtorch's: nothing moves it.
        T* first = (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(cells));
        return shape.Length == 1 ? new Grid<T>(first, 1, (int)shape[0]) : new Grid<T>(first, (int)shape[0], (int)shape[1]);
    }
}
