namespace Semblance.Recognition.Galleries;

/// <summary>Fills a gallery from a stream of templates, a batch at a time.</summary>
internal static class GalleryFilling
{
    private const int BatchSize = 512;

    public static EnrolmentOutcome Fill(
        IGallery gallery, IEnumerable<NewTemplate> templates, string phase, long total, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        var already = new List<int>();
        int read = 0, added = 0, subjects = 0;
        foreach (NewTemplate[] batch in templates.Chunk(BatchSize))
        {
            EnrolmentOutcome outcome = gallery.Enrol(batch, cancellationToken);
            added += outcome.Added;
            subjects += outcome.NewSubjects;
            already.AddRange(outcome.AlreadyEnrolled.Select(position => read + position));
            read += batch.Length;
            progress?.Report(new WorkProgress(phase, read, total == 0 ? 0 : Math.Max(read, total), "templates"));
        }

        return new EnrolmentOutcome(added, subjects, already);
    }

    /// <summary>Takes over how embeddings are compared, unless the gallery was told already.</summary>
    public static void TakeOver(IGallery gallery, GallerySettings? settings)
    {
        if (settings is not null && settings != gallery.Settings && gallery.Settings == new GallerySettings())
        {
            gallery.Configure(settings);
        }
    }
}
