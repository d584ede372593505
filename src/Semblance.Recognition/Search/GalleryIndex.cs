using System.Runtime.InteropServices;
using Semblance.Recognition.Galleries;

namespace Semblance.Recognition.Search;

/// <summary>
/// A gallery loaded for exact search, as it stood at one moment. A subject scores the maximum over its templates. Immutable; any number
/// of threads may search.
/// </summary>
public sealed class GalleryIndex
{
    private const int LoadBatch = 4096;

    private readonly ExactIndex _rows;
    private readonly Entry[] _entries;

    private GalleryIndex(ExactIndex rows, Entry[] entries, int subjects) => (_rows, _entries, SubjectCount) = (rows, entries, subjects);

    /// <summary>Number of subjects.</summary>
    public int SubjectCount { get; }

    /// <summary>Number of templates.</summary>
    public int TemplateCount => _rows.Count;

    /// <summary>Floats in an embedding.</summary>
    public int EmbeddingSize => _rows.Dimension;

    /// <summary>Loads templates.</summary>
    /// <param name="embeddingSize">Floats in an embedding, at least 1.</param>
    /// <param name="templates">The templates, in order of their ids.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="ArgumentException">An embedding has another size or is no number.</exception>
    public static GalleryIndex Load(int embeddingSize, IEnumerable<GalleryTemplate> templates, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(templates);
        ExactIndex rows = ExactIndex.Empty(embeddingSize);
        var entries = new List<Entry>();
        var subjects = new HashSet<long>();
        var ids = new List<long>(LoadBatch);
        var vectors = new List<float>();
        foreach (GalleryTemplate template in templates)
        {
            if (template.Embedding.Length != embeddingSize)
            {
                throw new ArgumentException($"Template {template.Id} has {template.Embedding.Length} floats, {embeddingSize} expected.", nameof(templates));
            }

            // Rows are numbered in loading order, so that ties fall to the older template and a hit leads straight to its entry.
            ids.Add(entries.Count);
            entries.Add(new Entry(template.Id, template.SubjectId, template.Subject, template.Source));
            subjects.Add(template.SubjectId);
            vectors.AddRange(template.Embedding);
            if (ids.Count == LoadBatch)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Flush();
            }
        }

        Flush();
        return new GalleryIndex(rows, [.. entries], subjects.Count);

        void Flush()
        {
            rows = rows.Add(CollectionsMarshal.AsSpan(ids), CollectionsMarshal.AsSpan(vectors));
            ids.Clear();
            vectors.Clear();
        }
    }

    /// <summary>Finds the nearest subjects of one probe.</summary>
    /// <param name="probe">The embedding; need not be normalised.</param>
    /// <param name="top">The most subjects to return, at least 1.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Distinct subjects by falling cosine; equal cosines in order of enrolment.</returns>
    public SubjectMatch[] Search(ReadOnlySpan<float> probe, int top, CancellationToken cancellationToken = default) =>
        SearchBatch(probe, 1, top, cancellationToken)[0];

    /// <summary>Finds the nearest subjects of many probes, which share each pass over the gallery.</summary>
    /// <param name="probes">count × <see cref="EmbeddingSize"/> floats; need not be normalised.</param>
    /// <param name="count">Number of probes.</param>
    /// <param name="top">The most subjects to return per probe, at least 1.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Per probe: distinct subjects by falling cosine; equal cosines in order of enrolment.</returns>
    public SubjectMatch[][] SearchBatch(ReadOnlySpan<float> probes, int count, int top, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        int wanted = Math.Min(top, SubjectCount);
        var results = new SubjectMatch[count][];

        // The best templates in order contain the best subjects in order. A person with many templates may crowd the list: then look deeper.
        int depth = (int)Math.Min(TemplateCount, 4L * wanted);
        SearchHit[][] found = _rows.SearchBatch(probes, count, Math.Max(1, depth), null, cancellationToken);
        for (int i = 0; i < count; i++)
        {
            SearchHit[] hits = found[i];
            results[i] = Distinct(hits, wanted);
            while (results[i].Length < wanted && hits.Length < TemplateCount)
            {
                int deeper = (int)Math.Min(TemplateCount, 8L * hits.Length);
                hits = _rows.Search(probes.Slice(i * EmbeddingSize, EmbeddingSize), deeper, cancellationToken);
                results[i] = Distinct(hits, wanted);
            }
        }

        return results;
    }

    private SubjectMatch[] Distinct(SearchHit[] hits, int wanted)
    {
        var seen = new HashSet<long>(wanted);
        var matches = new List<SubjectMatch>(wanted);
        foreach (SearchHit hit in hits)
        {
            Entry entry = _entries[hit.Id];
            if (matches.Count < wanted && seen.Add(entry.SubjectId))
            {
                matches.Add(new SubjectMatch(entry.Subject, entry.SubjectId, hit.Score, entry.TemplateId, entry.Source));
            }
        }

        return [.. matches];
    }

    private readonly record struct Entry(long TemplateId, long SubjectId, string Subject, string Source);
}
