using System.Collections.Concurrent;
using Semblance.Data.Augmenting;
using Semblance.Data.Loading;
using Semblance.Data.Sampling;
using Semblance.Imaging;
using Semblance.Numerics;

namespace Semblance.Data;

/// <summary>
/// Augments and normalises batches on worker threads ahead of the training step, into a bounded number of reused buffers, and hands them over in
/// order. The content of a batch depends only on the seed, the epoch and the batch's number: not on the number of workers, nor on where reading
/// began.
/// </summary>
public sealed class BatchLoader
{
    private const ulong Purpose = 0x4C_4F_41_44;
    private const int Spare = 2;
    private readonly PreparedFaces _faces;
    private readonly PreprocessingContract _contract;
    private readonly AugmentationOptions _augmentation;
    private readonly ulong _seed;
    private readonly int _workers;
    private readonly ConcurrentBag<float[]> _buffers = [];
    private readonly ConcurrentBag<Augmenter> _augmenters = [];

    /// <summary>Creates a loader; no thread starts before a batch is read.</summary>
    /// <param name="faces">The images, prepared for the same input size.</param>
    /// <param name="contract">The model's input.</param>
    /// <param name="augmentation">What happens to images; <see cref="AugmentationOptions.None"/> leaves exactly <see cref="FacePreprocessor"/>'s result.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="workers">Number of worker threads, at least 1.</param>
    /// <exception cref="UsageException">An augmentation value is out of range, or workers is below 1.</exception>
    /// <exception cref="ArgumentException">The images were prepared for another input size.</exception>
    public BatchLoader(PreparedFaces faces, PreprocessingContract contract, AugmentationOptions augmentation, ulong seed, int workers = 2)
    {
        ArgumentNullException.ThrowIfNull(faces);
        ArgumentNullException.ThrowIfNull(contract);
        ArgumentNullException.ThrowIfNull(augmentation);
        augmentation.Validate();
        if (workers < 1)
        {
            throw new UsageException($"workers is {workers}; expected 1 or more.");
        }

        if ((faces.Contract.Width, faces.Contract.Height) != (contract.Width, contract.Height))
        {
            throw new ArgumentException(
                $"the images were prepared for {faces.Contract.Width}×{faces.Contract.Height}, the contract says {contract.Width}×{contract.Height}.", nameof(contract));
        }

        (_faces, _contract, _augmentation, _seed, _workers) = (faces, contract, augmentation, seed, workers);
    }

    /// <summary>The batches of an epoch from a given one on. Enumerating blocks until the next batch is ready; dispose each batch when it has been used.</summary>
    /// <param name="epoch">From 0; picks the random draws.</param>
    /// <param name="batches">The epoch's batches, from an <see cref="IBatchSampler"/>.</param>
    /// <param name="firstBatch">Batches before this one are skipped without work; a resumed epoch starts here.</param>
    /// <param name="cancellationToken">Ends reading with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="UnreadableImageException">An image that was not kept in memory has become unreadable.</exception>
    public IEnumerable<FaceBatch> Read(int epoch, int[][] batches, int firstBatch = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstBatch, batches.Length);
        var prefetch = new OrderedPrefetch<FaceBatch>(
            batches.Length - firstBatch,
            _workers,
            _workers + Spare,
            "face batches",
            (item, stop) => Make(epoch, firstBatch + item, batches[firstBatch + item], stop),
            batch => batch.Dispose());
        return prefetch.Read(cancellationToken);
    }

    private FaceBatch Make(int epoch, int number, int[] indices, CancellationToken stop)
    {
        float[] pixels = Rent(indices.Length * _contract.InputLength);
        Augmenter augmenter = _augmenters.TryTake(out Augmenter? used) ? used : new Augmenter(_augmentation, _contract);
        try
        {
            long[] labels = new long[indices.Length];
            for (int i = 0; i < indices.Length; i++)
            {
                stop.ThrowIfCancellationRequested();
                var random = new CountedRandom(_seed, Purpose, (ulong)epoch, ((ulong)number << 32) | (uint)i);
                augmenter.Write(_faces.Pixels(indices[i]), ref random, pixels.AsSpan(i * _contract.InputLength, _contract.InputLength));
                labels[i] = _faces.Labels[indices[i]];
            }

            return new FaceBatch(pixels, labels, [.. indices], _buffers.Add);
        }
        catch
        {
            _buffers.Add(pixels);
            throw;
        }
        finally
        {
            _augmenters.Add(augmenter);
        }
    }

    // Every element is written, so a used array needs no clearing. One of another length (a last, smaller batch) is let go.
    private float[] Rent(int length) =>
        _buffers.TryTake(out float[]? used) && used.Length == length ? used : GC.AllocateUninitializedArray<float>(length);
}
