using System.Diagnostics;
using System.Runtime.Intrinsics;
using TorchSharp;

namespace Semblance.Bench.Search;

/// <summary>What this machine can do at most: the rate of a float32 matrix product, and of reading memory once. On all cores.</summary>
internal sealed class MachineLimits : IDisposable
{
    private const int Side = 2048;
    private const int ReadFloats = 300_000_000;
    private const int PieceFloats = 1 << 18;

    private readonly torch.Tensor _a = torch.rand(Side, Side);
    private readonly torch.Tensor _b = torch.rand(Side, Side);
    private readonly float[] _memory = GC.AllocateUninitializedArray<float>(ReadFloats);

    public MachineLimits()
    {
        torch.set_num_threads(Environment.ProcessorCount);
        _memory.AsSpan().Fill(1);
    }

    /// <summary>Floating-point operations a second of libtorch's product of two 2048 × 2048 matrices.</summary>
    public double Gemm()
    {
        using var _ = torch.no_grad();
        long started = Stopwatch.GetTimestamp();
        const int Times = 4;
        for (int i = 0; i < Times; i++)
        {
            torch.mm(_a, _b).Dispose();
        }

        return 2.0 * Side * Side * Side * Times / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Bytes a second of adding up 1.2 GB.</summary>
    public double Read()
    {
        long started = Stopwatch.GetTimestamp();
        int pieces = ReadFloats / PieceFloats;
        double[] sums = new double[pieces];
        Parallel.For(0, pieces, piece =>
        {
            Vector512<float> a = default, b = default, c = default, d = default;
            ref float from = ref _memory[piece * PieceFloats];
            for (nuint i = 0; i < PieceFloats; i += 64)
            {
                a += Vector512.LoadUnsafe(ref from, i);
                b += Vector512.LoadUnsafe(ref from, i + 16);
                c += Vector512.LoadUnsafe(ref from, i + 32);
                d += Vector512.LoadUnsafe(ref from, i + 48);
            }

            sums[piece] = Vector512.Sum(a + b + c + d);
        });
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (sums.Sum() != (double)pieces * PieceFloats)
        {
            throw new InvalidOperationException("The sum is wrong.");
        }

        return (double)pieces * PieceFloats * sizeof(float) / seconds;
    }

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
    }
}
