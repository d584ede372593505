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

    /// <summary>How embeddings are compared, as last read or written by this object.</summary>
    GallerySettings Settings { get; }

    /// <summary>Whether templates are encrypted at rest, see <see cref="TemplateKeyRing"/>.</summary>
    bool IsEncrypted { get; }

    /// <summary>What the store lacks that a gallery needs, as found on opening: a line each, for people; empty where all is well.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>Stores other settings.</summary>
    /// <param name="settings">The settings.</param>
    /// <exception cref="UsageException">A value is out of range.</exception>
    /// <exception cref="SemblanceException">The store cannot be written.</exception>
    void Configure(GallerySettings settings);

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

    /// <summary>Looks a subject up by name.</summary>
    /// <param name="subject">The name.</param>
    /// <returns>The subject, or null.</returns>
    /// <exception cref="SemblanceException">The store cannot be read.</exception>
    GallerySubject? Find(string subject);

    /// <summary>Looks a subject up by its id in another system.</summary>
    /// <param name="externalId">The external id.</param>
    /// <returns>The subject, or null.</returns>
    /// <exception cref="SemblanceException">The store cannot be read.</exception>
    GallerySubject? FindExternal(string externalId);

    /// <summary>Changes what is known of a subject.</summary>
    /// <param name="subject">The name.</param>
    /// <param name="details">The values to change; nulls leave theirs alone.</param>
    /// <exception cref="UsageException">A value breaks its rule, or the external id is another subject's.</exception>
    /// <exception cref="SemblanceException">The gallery has no such subject, or cannot be written.</exception>
    void Update(string subject, SubjectDetails details);

    /// <summary>Notes that subjects were identified; moves last-seen times forwards only. Names that are gone are passed over.</summary>
    /// <param name="subjects">The names.</param>
    /// <param name="at">The moment.</param>
    /// <exception cref="SemblanceException">The store cannot be written.</exception>
    void MarkSeen(IReadOnlyCollection<string> subjects, DateTimeOffset at);

    /// <summary>Erases all subjects that have expired, as <see cref="Remove"/> does.</summary>
    /// <param name="now">The present moment.</param>
    /// <returns>The names of those erased, in order.</returns>
    /// <exception cref="SemblanceException">The store cannot be written.</exception>
    IReadOnlyList<string> RemoveExpired(DateTimeOffset now);

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

    /// <summary>Finds the nearest subjects of many probes among the gallery's present templates, by the store's own index where it has one.</summary>
    /// <param name="probes">count × embedding size floats; need not be normalised.</param>
    /// <param name="count">Number of probes.</param>
    /// <param name="top">The most subjects to return per probe, at least 1.</param>
    /// <param name="filter">Which subjects may be returned; null for all that have not expired.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Per probe: distinct subjects by falling cosine, each with its best template.</returns>
    /// <exception cref="SemblanceException">The store cannot be read, or a template is damaged.</exception>
    SubjectMatch[][] Search(
        ReadOnlySpan<float> probes, int count, int top, GalleryFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>Writes all templates again under the ring's first key (or in the clear, without a ring), batch by batch; the gallery serves readers and writers that hold both keys all the while. Repeating a broken-off change goes on with the rest.</summary>
    /// <param name="keys">The ring; its first key encrypts, its others still decrypt. Null to take the encryption away.</param>
    /// <param name="progress">Told of templates dealt with.</param>
    /// <param name="cancellationToken">Ends the work between two batches.</param>
    /// <returns>How many templates were written again.</returns>
    /// <exception cref="SemblanceException">A template cannot be decrypted, or the store cannot be written.</exception>
    long ChangeKeys(TemplateKeyRing? keys, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Loads a snapshot to search in; later changes to the gallery do not reach it.</summary>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="SemblanceException">The store cannot be read, or a template is damaged.</exception>
    GalleryIndex LoadIndex(CancellationToken cancellationToken = default);
}
