using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>Reads a gallery in order of its templates, and loads it into memory for searches that the server cannot make.</summary>
internal sealed class SnapshotLoading(RedisServer server, GalleryKeys keys, string location, TemplateReading reading, TimeProvider clock)
{
    private const int AtOnce = 256;

    /// <summary>The templates after one and up to another, by rising id; those removed meanwhile are passed over.</summary>
    public IEnumerable<StoredTemplate> Templates((long Id, ShardKeys Shard)[] ids, CancellationToken cancellationToken)
    {
        foreach ((long Id, ShardKeys Shard)[] page in ids.Chunk(AtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            IEnumerable<StoredTemplate> found = server.Guarded(() => page.GroupBy(x => x.Shard)
                .SelectMany(shard => reading.Read(shard.Key, [.. shard.Select(x => x.Id)], cancellationToken)).OrderBy(t => t.Id).ToList());
            foreach (StoredTemplate template in found)
            {
                yield return template;
            }
        }
    }

    /// <summary>The ids after one and up to another, rising.</summary>
    public (long Id, ShardKeys Shard)[] Ids(long after, long last) =>
    [
        .. keys.Shards.Zip(RedisServer.All(keys.Shards.Select(shard => server.Database.SortedSetRangeByScoreAsync(shard.Templates, after, last, Exclude.Start))))
            .SelectMany(shard => shard.Second.Select(id => ((long)id, shard.First)))
            .OrderBy(x => x.Item1)
    ];

    /// <summary>The gallery as it stands now: the last index, the last one with what is new, or all anew where something was removed.</summary>
    public GalleryIndex Refresh(GalleryIndex? last, GalleryMeta meta, CancellationToken cancellationToken)
    {
        if (last is not null && last.Removals == meta.Removals)
        {
            if (last.Revision == meta.Revision)
            {
                return last;
            }

            (long, ShardKeys)[] beyond = Ids(last.LastTemplateId, meta.LastTemplate);
            return last.With(Subjects(shard => shard.Changed, last.Revision), Loaded(beyond, cancellationToken), meta.Revision, cancellationToken);
        }

        // Ids before subjects: of every id read the subject is read too, unless it was removed meanwhile, and then all is loaded anew next time.
        (long, ShardKeys)[] ids = Ids(0, meta.LastTemplate);
        return GalleryIndex.Load(
            meta.Model.EmbeddingSize, Subjects(shard => shard.Changed, 0), Loaded(ids, cancellationToken), meta.Revision, meta.Removals, clock, cancellationToken);
    }

    /// <summary>The gallery's hash.</summary>
    /// <exception cref="SemblanceException">The gallery is gone.</exception>
    public GalleryMeta Meta(CancellationToken cancellationToken = default) => GalleryMeta.Read(server.Database, keys.Meta, location, cancellationToken)
        ?? throw new SemblanceException($"gallery {location} is gone: somebody deleted its keys.");

    private IEnumerable<GalleryTemplate> Loaded((long, ShardKeys)[] ids, CancellationToken cancellationToken) => Templates(ids, cancellationToken).Select(ToTemplate);

    public static GalleryTemplate ToTemplate(StoredTemplate t) => new(t.Id, t.SubjectId, t.Subject, t.Embedding, t.Source, t.Digest, t.Created);

    private List<GallerySubject> Subjects(Func<ShardKeys, RedisKey> set, long after)
    {
        var subjects = new List<GallerySubject>();
        foreach (ShardKeys shard in keys.Shards)
        {
            foreach (RedisValue[] page in server.Database.SortedSetRangeByScore(set(shard), after, double.PositiveInfinity, Exclude.Start).Chunk(AtOnce))
            {
                subjects.AddRange(reading.Subjects(shard, [.. page.Select(id => (long)id)], count: false));
            }
        }

        return subjects;
    }
}
