using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// The embeddings of the last batches with their labels, oldest overwritten first (Wang et al. 2020, "Cross-Batch Memory for Embedding
/// Learning", §3.2). All of it is buffers, so that a checkpoint holds it.
/// </summary>
public sealed class CrossBatchMemory : nn.Module
{
    // Named as a checkpoint holds them.
    private readonly Tensor embeddings;
    private readonly Tensor labels;
    private readonly Tensor written;

    /// <summary>Creates an empty memory.</summary>
    /// <param name="size">How many embeddings it holds, at least 1.</param>
    /// <param name="embeddingSize">Their dimension, at least 1.</param>
    public CrossBatchMemory(int size, int embeddingSize)
        : base("memory")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(embeddingSize, 1);
        Size = size;
        embeddings = zeros(size, embeddingSize);
        labels = zeros(size, ScalarType.Int64);
        written = zeros(1, ScalarType.Int64);
        RegisterComponents();
    }

    /// <summary>How many embeddings it can hold.</summary>
    public int Size { get; }

    /// <summary>How many embeddings it holds.</summary>
    public int Count => (int)Math.Min(Size, written.item<long>());

    /// <summary>What it holds.</summary>
    /// <returns>[count × dim] and [count] int64: views that the next <see cref="Add"/> changes; owned by the caller's dispose scope.</returns>
    public (Tensor Embeddings, Tensor Labels) Content()
    {
        int count = Count;
        return (embeddings.narrow(0, 0, count), labels.narrow(0, 0, count));
    }

    /// <summary>Writes a batch over the oldest.</summary>
    /// <param name="batch">[n × dim]; of more than the memory holds, the last.</param>
    /// <param name="batchLabels">[n] int64.</param>
    public void Add(Tensor batch, Tensor batchLabels)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(batchLabels);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        long taken = Math.Min(Size, batch.shape[0]);
        long skipped = batch.shape[0] - taken;
        Tensor rows = (arange(taken) + (written.item<long>() + skipped)).remainder(Size);
        embeddings.index_copy_(0, rows, batch.detach().narrow(0, skipped, taken).to_type(embeddings.dtype));
        labels.index_copy_(0, rows, batchLabels.narrow(0, skipped, taken));
        written.add_(batch.shape[0]);
    }
}
