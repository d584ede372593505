namespace Semblance.Recognition.Galleries;

/// <summary>Copies a gallery into another of the same model, whatever the stores; no file with templates in the clear lies between.</summary>
public static class GalleryCopier
{
    /// <summary>
    /// Copies all subjects with what is known of them, all templates, and the settings where the target has none. Commits every 512 templates;
    /// what the target has already is left alone, so a copy that was broken off is simply repeated. Details in the source replace those in the target.
    /// </summary>
    /// <param name="source">Where from.</param>
    /// <param name="target">Where to.</param>
    /// <param name="progress">Told of templates copied.</param>
    /// <param name="cancellationToken">Ends the work; batches committed before stay.</param>
    /// <returns>What changed in the target; positions count the source's templates from 0.</returns>
    /// <exception cref="UsageException">An external id belongs to different subjects in the two.</exception>
    /// <exception cref="SemblanceException">The models differ, or a store cannot be read or written.</exception>
    public static EnrolmentOutcome Copy(IGallery source, IGallery target, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        target.Model.Require(source.Model, target.Location);
        GalleryFilling.TakeOver(target, source.Settings);
        return GalleryFilling.Fill(
            target, GalleryContents.Read(source, cancellationToken), "copying", source.Describe().Templates, progress, cancellationToken);
    }
}
