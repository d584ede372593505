using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Weights;

/// <summary>Moves the raw, row-major bytes of CPU tensors, in pieces that a span can hold (tensors may exceed 2 GB).</summary>
internal static class TensorBytes
{
    private const long PieceBytes = 1L << 26;

    /// <summary>A span over one piece of a tensor's memory.</summary>
    /// <param name="piece">The bytes.</param>
    /// <param name="offset">Where the piece begins within the tensor, in bytes.</param>
    public delegate void Visitor(Span<byte> piece, long offset);

    /// <summary>Hands a contiguous CPU tensor's memory to <paramref name="visit"/>, piece by piece, first to last.</summary>
    /// <param name="tensor">Contiguous, on the CPU.</param>
    /// <param name="visit">Reads or fills each piece.</param>
    public static void Visit(Tensor tensor, Visitor visit)
    {
        long count = tensor.NumberOfElements;
        if (count == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor flat = tensor.detach().view(-1);
        long width = tensor.ElementSize;
        long step = PieceBytes / width;
        for (long first = 0; first < count; first += step)
        {
            using Tensor piece = flat.narrow(0, first, Math.Min(step, count - first));
            visit(piece.bytes, first * width);
        }
    }

    /// <summary>The tensor itself as a contiguous CPU tensor, copied where it is not; the caller disposes of it in either case.</summary>
    /// <param name="tensor">Any tensor.</param>
    public static Tensor ToContiguousCpu(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().cpu().contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Whether a bool tensor's memory holds anything but 0 and 1, which no kernel expects.</summary>
    /// <param name="bytes">Bytes of a bool tensor.</param>
    public static bool HoldsNonBooleans(ReadOnlySpan<byte> bytes) => bytes.ContainsAnyExceptInRange((byte)0, (byte)1);
}
