namespace Semblance.Recognition.Galleries;

/// <summary>A gallery as a stream of what would have to be enrolled to make another like it.</summary>
internal static class GalleryContents
{
    private const int Page = 1000;

    /// <summary>All templates in order of their ids; the first of each subject carries what is known of the subject.</summary>
    public static IEnumerable<NewTemplate> Read(IGallery gallery, CancellationToken cancellationToken)
    {
        Dictionary<string, GallerySubject> subjects = Subjects(gallery, cancellationToken);
        var told = new HashSet<string>(subjects.Count, StringComparer.Ordinal);
        foreach (GalleryTemplate template in gallery.ReadTemplates(cancellationToken))
        {
            SubjectDetails? details = null;
            if (told.Add(template.Subject))
            {
                // Someone may have been enrolled between the reading of subjects and that of templates.
                GallerySubject? subject = subjects.GetValueOrDefault(template.Subject) ?? gallery.Find(template.Subject);
                details = subject is null ? null : DetailsOf(subject);
            }

            yield return new NewTemplate(template.Subject, template.Embedding, template.Source, template.Digest, template.Created) { Details = details };
        }
    }

    private static Dictionary<string, GallerySubject> Subjects(IGallery gallery, CancellationToken cancellationToken)
    {
        var subjects = new Dictionary<string, GallerySubject>(StringComparer.Ordinal);
        string? last = null;
        IReadOnlyList<GallerySubject> page;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            page = gallery.List(last, Page);
            foreach (GallerySubject subject in page)
            {
                subjects[subject.Name] = subject;
                last = subject.Name;
            }
        }
        while (page.Count == Page);

        return subjects;
    }

    private static SubjectDetails DetailsOf(GallerySubject subject) => new()
    {
        ExternalId = subject.ExternalId,
        Metadata = subject.Metadata.Count > 0 ? new SortedDictionary<string, string>(subject.Metadata.ToDictionary(), StringComparer.Ordinal) : null,
        Expires = subject.Expires,
        Created = subject.Created,
        LastSeen = subject.LastSeen,
    };
}
