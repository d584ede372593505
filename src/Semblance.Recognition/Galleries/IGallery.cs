using Semblance.Recognition.Search;

namespace Semblance.Recognition.Galleries;

/// <summary>
/// A store of known faces: subjects with several templates each, all made by one model. Safe to use from several threads; writes take
/// turns, readers see the state of one moment. What a method acknowledges by returning survives a crash.
/// </summary>
public interface IGallery : IDisposable
{
    /// <summary>The file or server, for messages.</summary>
    string Location { get; }

    /// <summary>The model whose embeddings the gallery holds.</summary>
    GalleryModel Model { get; }

    /// <summary>Counts subjects and templates.</summary>
    /// <exception cref="SemblanceException">The store cannot be read.</exception>
    GalleryInfo Describe();

    /// <summary>Adds a batch: all of it or, where anything fails, nothing of it. Images that a subject has already are left out and reported.</summary>
    /// <param name="batch">The templates; subjects are created as needed.</param>
    /// <param name="cancellationToken">Cancels before the commit: then nothing is added.</param>
    /// <exception cref="UsageException">A name breaks <see cref="SubjectName"/>'s rule.</exception>
    /// <exception cref="SemblanceException">The store cannot be written, or an embedding has another size or is no number.</exception>
    EnrolmentOutcome Enrol(IReadOnlyList<NewTemplate> batch, CancellationToken cancellationToken = default);

    /// <summary>Tells which images are enrolled already, so that nobody embeds them again.</summary>
    /// <param name="keys">Subject and image digest.</param>
    /// <returns>One answer per key.</returns>
    /// <exception cref="SemblanceException">The store cannot be read.</exception>
    IReadOnlyList<bool> AreEnrolled(IReadOnlyList<TemplateKey> keys);

    /// <summary>Removes a subject with all templates, and erases their bytes from the store.</summary>
    /// <param name="subject">The name.</param>
    /// <returns>How many templates went.</returns>
    /// <exception cref="SemblanceException">The gallery has no such subject, or cannot be written.</exception>
    int Remove(string subject);

    /// <summary>A page of subjects in order of their names (by UTF-8 bytes).</summary>
    /// <param name="after">The last name of the page before; null for the first page.</param>
    /// <param name="limit">The most subjects to return, at least 1.</param>
    /// <exception cref="SemblanceException">The store cannot be read.</exception>
    IReadOnlyList<GallerySubject> List(string? after = null, int limit = 100);

    /// <summary>All templates in order of their ids, as they stood at one moment, read as one goes.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="SemblanceException">The store cannot be read, or a template is damaged.</exception>
    IEnumerable<GalleryTemplate> ReadTemplates(CancellationToken cancellationToken = default);

    /// <summary>Loads a snapshot to search in; later changes to the gallery do not reach it.</summary>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="SemblanceException">The store cannot be read, or a template is damaged.</exception>
    GalleryIndex LoadIndex(CancellationToken cancellationToken = default);
}
