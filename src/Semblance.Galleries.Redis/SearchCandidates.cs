using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;

namespace Semblance.Galleries.Redis;

/// <summary>Templates that a search has come upon, read once for all probes of a block.</summary>
internal sealed class SearchCandidates(TemplateReading reading, GalleryFilter filter, DateTimeOffset now, long lastTemplate)
{
    private const int AtOnce = 512;

    private readonly Dictionary<long, Candidate?> _templates = [];
    private readonly Dictionary<long, bool> _accepted = [];

    /// <summary>Reads the templates that are not at hand, with their subjects.</summary>
    public void Load(IEnumerable<(ShardKeys Shard, long Id)> ids, CancellationToken cancellationToken)
    {
        foreach (IGrouping<ShardKeys, (ShardKeys Shard, long Id)> shard in ids.Where(x => x.Id <= lastTemplate && !_templates.ContainsKey(x.Id)).Distinct().GroupBy(x => x.Shard))
        {
            foreach ((ShardKeys Shard, long Id)[] page in shard.Chunk(AtOnce))
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach ((_, long id) in page)
                {
                    _templates[id] = null;
                }

                List<StoredTemplate> read = reading.Read(shard.Key, [.. page.Select(x => x.Id)], cancellationToken);
                long[] unknown = [.. read.Select(t => t.SubjectId).Distinct().Where(id => !_accepted.ContainsKey(id))];
                foreach (long id in unknown)
                {
                    _accepted[id] = false;
                }

                foreach (GallerySubject subject in reading.Subjects(shard.Key, unknown, count: false, cancellationToken))
                {
                    _accepted[subject.Id] = filter.Accepts(subject, now);
                }

                foreach (StoredTemplate template in read)
                {
                    _templates[template.Id] = new Candidate(template.SubjectId, template.Subject, template.Source, UnitVector.Of(template.Embedding));
                }
            }
        }
    }

    /// <summary>How many of the templates are there.</summary>
    public int CountOf(IEnumerable<(ShardKeys Shard, long Id)> ids) => ids.Count(x => _templates.GetValueOrDefault(x.Id) is not null);

    /// <summary>The best subjects among templates that were loaded.</summary>
    /// <param name="probe">The probe, of unit length.</param>
    /// <param name="ids">The templates.</param>
    /// <param name="top">The most subjects.</param>
    public SubjectMatch[] Rank(float[] probe, IEnumerable<(ShardKeys Shard, long Id)> ids, int top)
    {
        var scored = new List<(long Id, Candidate Template, float Cosine)>();
        foreach ((_, long id) in ids)
        {
            if (_templates.GetValueOrDefault(id) is { } template)
            {
                float cosine = UnitVector.Cosine(probe, template.Unit);
                if (cosine >= filter.MinCosine && _accepted[template.SubjectId])
                {
                    scored.Add((id, template, cosine));
                }
            }
        }

        // Equal cosines in order of enrolment, as in every store.
        scored.Sort((a, b) => a.Cosine != b.Cosine ? b.Cosine.CompareTo(a.Cosine) : a.Id.CompareTo(b.Id));
        var seen = new HashSet<long>();
        return
        [
            .. scored.Where(x => seen.Add(x.Template.SubjectId)).Take(top)
                .Select(x => new SubjectMatch(x.Template.Subject, x.Template.SubjectId, x.Cosine, x.Id, x.Template.Source))
        ];
    }

    /// <summary>The least cosine among templates that were loaded, whosesoever; 1 where there is none.</summary>
    public float Farthest(float[] probe, IEnumerable<(ShardKeys Shard, long Id)> ids) =>
        ids.Select(x => _templates.GetValueOrDefault(x.Id)).Where(t => t is not null).Select(t => UnitVector.Cosine(probe, t!.Unit)).DefaultIfEmpty(1).Min();

    private sealed record Candidate(long SubjectId, string Subject, string Source, float[] Unit);
}
