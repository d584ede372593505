using Semblance.Data.Synthesis;
using Semblance.Imaging;
using Semblance.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Experiments;

/// <summary>Small drawn photos of a few people: some to train on, others of the same people to look at.</summary>
internal sealed class PlaneFaces : IDisposable
{
    /// <summary>Width and height in pixels.</summary>
    public const int Size = 32;

    /// <summary>Photos of each person to train on.</summary>
    public const int TrainingPhotos = 400;

    /// <summary>Photos of each person that are embedded and measured: so many of those trained on, and as many others.</summary>
    public const int ShownPhotos = 60;

    /// <summary>Photos of each person in a batch.</summary>
    public const int PhotosInBatch = 8;

    private const ulong BatchPurpose = 0x504C_414E_45;

    private readonly Tensor _training;
    private readonly ulong _seed;
    private readonly int _identities;

    /// <summary>Draws the photos.</summary>
    /// <param name="options">How many people, which, and which batches.</param>
    /// <param name="progress">Told of the photos drawn.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public PlaneFaces(PlaneOptions options, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        const int Photos = TrainingPhotos + ShownPhotos;
        (_seed, _identities) = (options.Seed, options.Identities);
        var faces = new SyntheticFaces(new SyntheticFaceOptions { Identities = _identities, ImagesPerIdentity = Photos, Size = Size, Seed = _seed });
        float[][] pixels = new float[_identities * Photos][];
        int drawn = 0;
        Parallel.For(0, pixels.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            pixels[i] = Pixels(faces.Render(i / Photos, i % Photos));
            progress?.Report(new WorkProgress("drawing faces", Interlocked.Increment(ref drawn), pixels.Length, "photos"));
        });
        _training = Stack([.. pixels.Where((_, i) => i % Photos < TrainingPhotos)]);
        Seen = Stack([.. pixels.Where((_, i) => i % Photos < ShownPhotos)]);
        Unseen = Stack([.. pixels.Where((_, i) => i % Photos >= TrainingPhotos)]);
    }

    /// <summary>Photos that are trained on, to be looked at: [identities · photos × 3 × size × size], those of a person side by side.</summary>
    public Tensor Seen { get; }

    /// <summary>As many that are not trained on.</summary>
    public Tensor Unseen { get; }

    /// <summary>The batch of a step: photos of every person, each person's in random order without repetition while they last.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <returns>Images [batch × 3 × size × size], labels [batch], indices of the photos [batch].</returns>
    public (Tensor Images, Tensor Labels, Tensor Samples) Batch(int step)
    {
        const int Rounds = TrainingPhotos / PhotosInBatch;
        using DisposeScope scope = NewDisposeScope();
        long[] chosen = new long[_identities * PhotosInBatch];
        int[] order = new int[TrainingPhotos];
        for (int identity = 0; identity < _identities; identity++)
        {
            for (int i = 0; i < order.Length; i++)
            {
                order[i] = i;
            }

            new CountedRandom(_seed, BatchPurpose, (ulong)(step / Rounds), (ulong)identity).Shuffle(order.AsSpan());
            for (int k = 0; k < PhotosInBatch; k++)
            {
                chosen[(identity * PhotosInBatch) + k] = (identity * TrainingPhotos) + order[(step % Rounds * PhotosInBatch) + k];
            }
        }

        Tensor samples = tensor(chosen);
        return (
            _training.index_select(0, samples).MoveToOuterDisposeScope(),
            tensor(Array.ConvertAll(chosen, photo => photo / TrainingPhotos)).MoveToOuterDisposeScope(),
            samples.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _training.Dispose();
        Seen.Dispose();
        Unseen.Dispose();
    }

    // RGB in [−1, 1], a plane for each colour.
    private static float[] Pixels(PixelBuffer photo)
    {
        byte[] bytes = photo.Data;
        float[] planes = new float[3 * Size * Size];
        for (int i = 0; i < planes.Length; i++)
        {
            planes[i] = (bytes[(i % (Size * Size) * 3) + (i / (Size * Size))] - 127.5f) / 127.5f;
        }

        return planes;
    }

    private static Tensor Stack(float[][] photos)
    {
        using DisposeScope scope = NewDisposeScope();
        return tensor(photos.SelectMany(photo => photo).ToArray()).reshape(photos.Length, 3, Size, Size).DetachFromDisposeScope();
    }
}
