using Semblance.Training.Objectives;

namespace Semblance.Training.Sampling;

/// <summary>What a sampler must know of the run before it can be created.</summary>
/// <param name="Labels">The identity of each image, without gaps.</param>
/// <param name="Batch">Images of a batch.</param>
/// <param name="Seed">The run's seed.</param>
public sealed record SamplerContext(int[] Labels, int Batch, ulong Seed)
{
    /// <summary>K where the loss compares photos and nothing says otherwise.</summary>
    public const int DefaultImagesPerIdentity = 4;

    internal const string ImagesPerIdentityKey = "images_per_identity";

    /// <summary>K as the stage gives it, or 0.</summary>
    public int ImagesPerIdentity { get; init; }

    /// <summary>Whether the loss compares photos within the batch.</summary>
    public bool ComparesPhotos { get; init; }

    /// <summary>K: the sampler's own parameter, else the stage's key, else 4 where the loss compares photos.</summary>
    /// <param name="arguments">The sampler's arguments.</param>
    /// <param name="otherwise">K where none of these says anything.</param>
    internal int Images(ObjectiveArguments arguments, int otherwise) =>
        arguments.WholeOrNull(ImagesPerIdentityKey) is { } own ? own
        : ImagesPerIdentity > 0 ? ImagesPerIdentity
        : ComparesPhotos ? DefaultImagesPerIdentity
        : otherwise;

    /// <summary>P, so that P·K comes near the batch: at least 2 identities, at most all there are.</summary>
    /// <param name="images">K.</param>
    internal int Identities(int images) => Math.Min(Math.Max(2, Batch / images), Labels.Distinct().Count());
}
