using System.Runtime.InteropServices;
using Semblance.Recognition.Galleries;

namespace Semblance.Recognition.Search;

/// <summary>
/// A gallery loaded for exact search, as it stood at one moment. A subject scores the maximum over its templates; one that has expired is
/// never found, also where it expires after loading. Immutable; any number of threads may search.
/// </summary>
public sealed class GalleryIndex
{
    private const int LoadBatch = 4096;

    private readonly ExactIndex _rows;
    private readonly Entry[] _entries;
    private readonly Dictionary<long, GallerySubject> _subjects;
    private readonly TimeProvider _clock;
    private readonly bool _mayExpire;

    private GalleryIndex(ExactIndex rows, Entry[] entries, Dictionary<long, GallerySubject> subjects, TimeProvider clock) =>
        (_rows, _entries, _subjects, _clock, _mayExpire) = (rows, entries, subjects, clock, subjects.Values.Any(subject => subject.Expires is not null));

    /// <summary>Number of subjects, those that have expired included.</summary>
    public int SubjectCount => _subjects.Count;

    /// <summary>Number of templates.</summary>
    public int TemplateCount => _rows.Count;

    /// <summary>Floats in an embedding.</summary>
    public int EmbeddingSize => _rows.Dimension;

    /// <summary>The id of the last template; 0 where there is none.</summary>
    public long LastTemplateId => _entries.Length > 0 ? _entries[^1].TemplateId : 0;

    /// <summary>The store's state that was loaded, as the store counts it; equal states hold the same templates and details.</summary>
    public long Revision { get; private init; }

    /// <summary>How many removals the store had seen when this was loaded, as the store counts them; after another one all is loaded anew.</summary>
    public long Removals { get; private init; }

    /// <summary>Loads templates whose subjects have no details.</summary>
    /// <param name="embeddingSize">Floats in an embedding, at least 1.</param>
    /// <param name="templates">The templates, in order of their ids.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="ArgumentException">An embedding has another size or is no number.</exception>
    public static GalleryIndex Load(int embeddingSize, IEnumerable<GalleryTemplate> templates, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(templates);
        GalleryTemplate[] all = [.. templates];
        IEnumerable<GallerySubject> subjects = all.DistinctBy(t => t.SubjectId).Select(t => new GallerySubject(t.SubjectId, t.Subject, 0, t.Created));
        return Load(embeddingSize, subjects, all, 0, 0, TimeProvider.System, cancellationToken);
    }

    /// <summary>Loads templates and what is known of their subjects, both as they stood at one moment.</summary>
    /// <param name="embeddingSize">Floats in an embedding, at least 1.</param>
    /// <param name="subjects">All subjects; read to the end before the first template.</param>
    /// <param name="templates">The templates, in order of their ids. Those of subjects that are not listed are left out.</param>
    /// <param name="revision">The store's state, see <see cref="Revision"/>.</param>
    /// <param name="removals">The store's removals, see <see cref="Removals"/>.</param>
    /// <param name="clock">Tells who has expired.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="ArgumentException">An embedding has another size or is no number.</exception>
    public static GalleryIndex Load(
        int embeddingSize,
        IEnumerable<GallerySubject> subjects,
        IEnumerable<GalleryTemplate> templates,
        long revision,
        long removals,
        TimeProvider clock,
        CancellationToken cancellationToken = default) =>
        new GalleryIndex(ExactIndex.Empty(embeddingSize), [], [], clock).With(subjects, templates, revision, removals, cancellationToken);

    /// <summary>An index with more templates and other details; this one stays as it is and shares its rows.</summary>
    /// <param name="subjects">Subjects that are new or have changed; read to the end before the first template.</param>
    /// <param name="templates">The templates beyond <see cref="LastTemplateId"/>, in order of their ids. Those of unknown subjects are left out.</param>
    /// <param name="revision">The store's state, see <see cref="Revision"/>.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="ArgumentException">An embedding has another size or is no number.</exception>
    public GalleryIndex With(
        IEnumerable<GallerySubject> subjects, IEnumerable<GalleryTemplate> templates, long revision, CancellationToken cancellationToken = default) =>
        With(subjects, templates, revision, Removals, cancellationToken);

    /// <summary>Finds the nearest subjects of one probe.</summary>
    /// <param name="probe">The embedding; need not be normalised.</param>
    /// <param name="top">The most subjects to return, at least 1.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Distinct subjects by falling cosine; equal cosines in order of enrolment.</returns>
    public SubjectMatch[] Search(ReadOnlySpan<float> probe, int top, CancellationToken cancellationToken = default) =>
        SearchBatch(probe, 1, top, null, cancellationToken)[0];

    /// <summary>Finds the nearest subjects of many probes, which share each pass over the gallery.</summary>
    /// <param name="probes">count × <see cref="EmbeddingSize"/> floats; need not be normalised.</param>
    /// <param name="count">Number of probes.</param>
    /// <param name="top">The most subjects to return per probe, at least 1.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Per probe: distinct subjects by falling cosine; equal cosines in order of enrolment.</returns>
    public SubjectMatch[][] SearchBatch(ReadOnlySpan<float> probes, int count, int top, CancellationToken cancellationToken = default) =>
        SearchBatch(probes, count, top, null, cancellationToken);

    /// <summary>Finds the nearest subjects of many probes among those that a filter lets pass.</summary>
    /// <param name="probes">count × <see cref="EmbeddingSize"/> floats; need not be normalised.</param>
    /// <param name="count">Number of probes.</param>
    /// <param name="top">The most subjects to return per probe, at least 1.</param>
    /// <param name="filter">Which subjects may be returned; null for all that have not expired.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Per probe: distinct subjects by falling cosine; equal cosines in order of enrolment.</returns>
    public SubjectMatch[][] SearchBatch(
        ReadOnlySpan<float> probes, int count, int top, GalleryFilter? filter, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        filter ??= new GalleryFilter();
        DateTimeOffset now = _clock.GetUtcNow();
        int wanted = Math.Min(top, SubjectCount);
        Func<long, bool>? accept = filter.Metadata.Count > 0 || _mayExpire ? row => filter.Accepts(_entries[row].Subject, now) : null;
        var results = new SubjectMatch[count][];

        // The best templates in order contain the best subjects in order. A person with many templates may crowd the list: then look deeper.
        int depth = Math.Max(1, (int)Math.Min(TemplateCount, 4L * wanted));
        SearchHit[][] found = _rows.SearchBatch(probes, count, depth, accept, cancellationToken);
        for (int i = 0; i < count; i++)
        {
            SearchHit[] hits = found[i];
            results[i] = Distinct(hits, wanted, filter.MinCosine);
            for (int looked = depth; results[i].Length < wanted && hits.Length == looked && looked < TemplateCount && hits[^1].Score >= filter.MinCosine;)
            {
                looked = (int)Math.Min(TemplateCount, 8L * looked);
                hits = _rows.SearchBatch(probes.Slice(i * EmbeddingSize, EmbeddingSize), 1, looked, accept, cancellationToken)[0];
                results[i] = Distinct(hits, wanted, filter.MinCosine);
            }
        }

        return results;
    }

    private GalleryIndex With(
        IEnumerable<GallerySubject> changed, IEnumerable<GalleryTemplate> templates, long revision, long removals, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changed);
        ArgumentNullException.ThrowIfNull(templates);
        var subjects = new Dictionary<long, GallerySubject>(_subjects);
        foreach (GallerySubject subject in changed)
        {
            subjects[subject.Id] = subject;
        }

        ExactIndex rows = _rows;
        var entries = new List<Entry>(_entries.Select(e => e with { Subject = subjects[e.Subject.Id] }));
        var ids = new List<long>(LoadBatch);
        var vectors = new List<float>();
        foreach (GalleryTemplate template in templates)
        {
            if (template.Embedding.Length != EmbeddingSize)
            {
                throw new ArgumentException($"Template {template.Id} has {template.Embedding.Length} floats, {EmbeddingSize} expected.", nameof(templates));
            }

            if (!subjects.TryGetValue(template.SubjectId, out GallerySubject? subject))
            {
                continue;
            }

            // Rows are numbered in loading order, so that ties fall to the older template and a hit leads straight to its entry.
            ids.Add(entries.Count);
            entries.Add(new Entry(template.Id, subject, template.Source));
            vectors.AddRange(template.Embedding);
            if (ids.Count == LoadBatch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Flush();
            }
        }

        Flush();
        return new GalleryIndex(rows, [.. entries], subjects, _clock) { Revision = revision, Removals = removals };

        void Flush()
        {
            rows = rows.Add(CollectionsMarshal.AsSpan(ids), CollectionsMarshal.AsSpan(vectors));
            ids.Clear();
            vectors.Clear();
        }
    }

    private SubjectMatch[] Distinct(SearchHit[] hits, int wanted, double minCosine)
    {
        var seen = new HashSet<long>(wanted);
        var matches = new List<SubjectMatch>(wanted);
        foreach (SearchHit hit in hits)
        {
            if (matches.Count == wanted || hit.Score < minCosine)
            {
                break;
            }

            Entry entry = _entries[hit.Id];
            if (seen.Add(entry.Subject.Id))
            {
                matches.Add(new SubjectMatch(entry.Subject.Name, entry.Subject.Id, hit.Score, entry.TemplateId, entry.Source));
            }
        }

        return [.. matches];
    }

    private readonly record struct Entry(long TemplateId, GallerySubject Subject, string Source);
}
