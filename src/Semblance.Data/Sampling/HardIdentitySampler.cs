using Semblance.Numerics;

namespace Semblance.Data.Sampling;

/// <summary>
/// P×K batches that hold people whom the current model confuses: groups of an identity and some of its nearest ones. Groups of two are the pairs
/// of look-alikes of Doppelganger mining (Smirnov et al. 2017); mining within the batch then finds at any size of set the hard negatives that
/// FaceNet (Schroff et al. 2015, §3.2) looks for in batches of thousands. Nearness is the cosine of class centres, of the objective or of the
/// model's mean embeddings, taken anew every few epochs.
/// </summary>
public sealed class HardIdentitySampler : IModelSampler
{
    private const ulong Purpose = 0x48_41_52_44;
    private const ulong MeanPurpose = 0x4D_45_41_4E;
    private readonly IdentityPhotos _photos;
    private readonly IdentityBatch _shape;
    private readonly HardIdentityOptions _options;
    private readonly int _neighbours;
    private readonly ulong _seed;
    private int[] _plan = [];

    /// <summary>Creates the sampler; it has no plan before the first refresh.</summary>
    /// <param name="labels">The identity of each image, without gaps.</param>
    /// <param name="identitiesPerBatch">P, at least 2.</param>
    /// <param name="imagesPerIdentity">K, at least 1.</param>
    /// <param name="options">Groups and refreshing.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="batchesPerEpoch">Batches of an epoch; by default the number of images divided by P·K, rounded up.</param>
    /// <exception cref="UsageException">A number is out of range, or there are fewer than P identities.</exception>
    public HardIdentitySampler(
        int[] labels, int identitiesPerBatch, int imagesPerIdentity, HardIdentityOptions options, ulong seed, int? batchesPerEpoch = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(options);
        _photos = new IdentityPhotos(labels);
        _shape = IdentityBatch.Of(_photos, labels.Length, identitiesPerBatch, imagesPerIdentity, batchesPerEpoch);
        if (options.Group < 2 || options.RefreshEpochs < 1 || options.MeanImages < 1 || options.Neighbours < options.Group - 1)
        {
            throw new UsageException(
                $"group is {options.Group}, neighbours {options.Neighbours}, refresh epochs {options.RefreshEpochs}, mean images {options.MeanImages}; expected a group of 2 or more, neighbours of group − 1 or more, and 1 or more of the others.");
        }

        if (_photos.Count < 2)
        {
            throw new UsageException("the data has one identity; groups of look-alikes need 2 or more.");
        }

        (_options, _seed) = (options, seed);
        _neighbours = Math.Min(options.Neighbours ?? options.Group - 1, _photos.Count - 1);
    }

    /// <inheritdoc/>
    public int BatchSize => _shape.Size;

    /// <inheritdoc/>
    public int BatchesPerEpoch => _shape.Count;

    /// <inheritdoc/>
    /// <remarks>[identities × neighbours]: the nearest identities of each, nearest first.</remarks>
    public IReadOnlyList<int> Plan => _plan;

    /// <inheritdoc/>
    public bool RefreshesBefore(int stageEpoch) => stageEpoch % _options.RefreshEpochs == 0;

    /// <inheritdoc/>
    /// <exception cref="UsageException">The objective was asked for its centres and has none.</exception>
    public string Refresh(int epoch, IModelView model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        float[][]? centres = _options.Centres == CentreSource.Embeddings ? null : model.ClassCentres();
        if (centres is null && _options.Centres == CentreSource.Objective)
        {
            throw new UsageException("hard-identities was told to take the loss's class centres (centres: objective), but this loss has none; use centres: embeddings.");
        }

        string source = centres is null ? "mean embeddings" : "the loss's class centres";
        _plan = NearestRows.Find(centres ?? MeanEmbeddings(epoch, model, cancellationToken), _neighbours, cancellationToken);
        return $"the {_neighbours} nearest of {_photos.Count} identities by {source}";
    }

    /// <inheritdoc/>
    public void Restore(int[] plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Length != _photos.Count * _neighbours || plan.Any(identity => identity < 0 || identity >= _photos.Count))
        {
            throw new SemblanceException("the checkpoint's groups of look-alikes do not fit this run; its config or its data has changed: start a new run.");
        }

        _plan = plan;
    }

    /// <inheritdoc/>
    /// <remarks>Images of one identity stand side by side, and the identities of one group.</remarks>
    /// <exception cref="InvalidOperationException">There is no plan yet.</exception>
    public int[][] Epoch(int epoch)
    {
        if (_plan.Length == 0)
        {
            throw new InvalidOperationException("Refresh must come before the first epoch.");
        }

        var random = new CountedRandom(_seed, Purpose, (ulong)epoch);
        var rounds = new IdentityRounds(_photos.Count);
        int[][] batches = new int[BatchesPerEpoch][];
        for (int b = 0; b < batches.Length; b++)
        {
            var held = new HashSet<int>();
            var order = new List<int>(_shape.Identities);
            while (order.Count < _shape.Identities)
            {
                int first = rounds.Next(held, ref random);
                Take(first);
                int[] nearest = _plan.AsSpan(first * _neighbours, _neighbours).ToArray();
                if (_neighbours > _options.Group - 1)
                {
                    random.Shuffle<int>(nearest);
                }

                int wanted = Math.Min(_options.Group - 1, _shape.Identities - order.Count);
                foreach (int identity in nearest.Where(identity => !held.Contains(identity)).Take(wanted).ToArray())
                {
                    Take(identity);
                }
            }

            batches[b] = _photos.Batch(order, _shape.Images, ref random);

            void Take(int identity)
            {
                order.Add(identity);
                _ = held.Add(identity);
            }
        }

        return batches;
    }

    private float[][] MeanEmbeddings(int epoch, IModelView model, CancellationToken cancellationToken)
    {
        var random = new CountedRandom(_seed, MeanPurpose, (ulong)epoch);
        var images = new List<int>();
        int[] counts = new int[_photos.Count];
        for (int identity = 0; identity < counts.Length; identity++)
        {
            counts[identity] = Math.Min(_photos[identity].Length, _options.MeanImages ?? int.MaxValue);
            int[] drawn = new int[counts[identity]];
            _photos.Draw(identity, drawn, ref random);
            images.AddRange(drawn);
        }

        float[][] embeddings = model.Embed(images, cancellationToken);
        float[][] means = new float[counts.Length][];
        int row = 0;
        for (int identity = 0; identity < counts.Length; identity++)
        {
            float[] mean = new float[embeddings[0].Length];
            for (int i = 0; i < counts[identity]; i++)
            {
                System.Numerics.Tensors.TensorPrimitives.Add(mean, embeddings[row++], mean);
            }

            Similarity.NormalizeInPlace(mean);
            means[identity] = mean;
        }

        return means;
    }
}
