using Semblance.Imaging;

namespace Semblance.Data.Loading;

/// <summary>Preprocessed images on their way to an embedder.</summary>
internal sealed class InputBatch
{
    private InputBatch(int capacity, PreprocessingContract contract, bool flip)
    {
        Pixels = GC.AllocateUninitializedArray<float>(capacity * contract.InputLength);
        Mirrored = flip ? GC.AllocateUninitializedArray<float>(Pixels.Length) : [];
    }

    /// <summary>The readable images, one after the other.</summary>
    public float[] Pixels { get; }

    /// <summary>The same images mirrored, or empty.</summary>
    public float[] Mirrored { get; }

    /// <summary>Which of the images asked for each one is.</summary>
    public List<int> Positions { get; } = [];

    /// <summary>Those that could not be read.</summary>
    public List<UnreadableImage> Unreadable { get; } = [];

    /// <summary>Decodes and preprocesses some consecutive images.</summary>
    public static InputBatch Make(
        int first, int count, Func<int, PixelBuffer> decode, PreprocessingContract contract, bool flip, bool skipUnreadable, CancellationToken stop)
    {
        var batch = new InputBatch(count, contract, flip);
        for (int i = first; i < first + count; i++)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                int at = batch.Positions.Count * contract.InputLength;
                FacePreprocessor.Write(decode(i), contract, batch.Pixels.AsSpan(at, contract.InputLength));
                if (flip)
                {
                    Mirror(batch.Pixels.AsSpan(at, contract.InputLength), batch.Mirrored.AsSpan(at, contract.InputLength), contract.Width);
                }

                batch.Positions.Add(i);
            }
            catch (UnreadableImageException e) when (skipUnreadable)
            {
                batch.Unreadable.Add(e.ToEntry());
            }
        }

        return batch;
    }

    private static void Mirror(ReadOnlySpan<float> from, Span<float> to, int width)
    {
        from.CopyTo(to);
        for (int row = 0; row < to.Length; row += width)
        {
            to.Slice(row, width).Reverse();
        }
    }
}
