namespace Semblance.Data.Sampling;

/// <summary>What a sampler may ask of the model in training.</summary>
public interface IModelView
{
    /// <summary>Embeds training images with the weights as they are now, in evaluation mode and without augmentation.</summary>
    /// <param name="images">Image indices, as in <see cref="PreparedFaces.Labels"/>.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>An L2-normalised row per index given.</returns>
    float[][] Embed(IReadOnlyList<int> images, CancellationToken cancellationToken);

    /// <summary>The objective's class centres as they are now: an L2-normalised row per identity, or null where it has none.</summary>
    float[][]? ClassCentres();
}
