namespace Semblance.Data.Sampling;

/// <summary>Chooses which images make up the batches of an epoch. An epoch depends only on the sampler's construction and the epoch's number, so a resumed run sees what an unbroken one would have.</summary>
public interface IBatchSampler
{
    /// <summary>Images in a batch.</summary>
    int BatchSize { get; }

    /// <summary>Number of batches in each epoch, at least 1.</summary>
    int BatchesPerEpoch { get; }

    /// <summary>The batches of an epoch: image indices, as in <see cref="PreparedFaces.Labels"/>.</summary>
    /// <param name="epoch">From 0.</param>
    int[][] Epoch(int epoch);
}
