namespace Semblance.Data;

/// <summary>A batch of model input.</summary>
public sealed record FaceBatch : IDisposable
{
    private Action<float[]>? _giveBack;

    /// <summary>Creates a batch.</summary>
    /// <param name="pixels">Exactly count × 3 × height × width floats.</param>
    /// <param name="labels">The identity of each image.</param>
    /// <param name="indices">The index of each image in its <see cref="PreparedFaces"/>.</param>
    /// <param name="giveBack">Called once with the pixels when the batch is disposed, so that the array can be used again.</param>
    public FaceBatch(float[] pixels, long[] labels, int[] indices, Action<float[]>? giveBack = null)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(indices);
        (Pixels, Labels, Indices, _giveBack) = (pixels, labels, indices, giveBack);
    }

    /// <summary>count × 3 × height × width floats, exactly; not to be used after <see cref="Dispose"/>.</summary>
    public float[] Pixels { get; }

    /// <summary>The identity of each image.</summary>
    public long[] Labels { get; }

    /// <summary>The index of each image in its <see cref="PreparedFaces"/>.</summary>
    public int[] Indices { get; }

    /// <summary>Number of images.</summary>
    public int Count => Indices.Length;

    /// <summary>Gives the pixels back to the loader for the next batch.</summary>
    public void Dispose() => Interlocked.Exchange(ref _giveBack, null)?.Invoke(Pixels);
}
