using System.Globalization;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>
/// Search by the server's vector sets: every shard is asked, the answers are merged, and the cosines are taken anew from the templates
/// themselves, so that they are exact and the same whatever the server, and nothing stale in a vector set is ever returned. Templates that
/// the vector sets may not hold yet are looked at directly.
/// </summary>
internal sealed class VectorSearch(RedisServer server, GalleryKeys keys, TemplateReading reading, TimeProvider clock)
{
    private const int ProbesAtOnce = 64;
    private const int LeastAsked = 10;
    private const int MaxAsked = 500_000;
    private const int LeastExploration = 400;

    /// <summary>So many subjects that a filter lets pass are compared one by one: exact, where a graph may miss the few among many.</summary>
    private const int MostCompared = 256;

    public SubjectMatch[][] Find(
        ReadOnlySpan<float> probes, int count, int top, GalleryFilter filter, GalleryMeta meta, CancellationToken cancellationToken)
    {
        int size = meta.Model.EmbeddingSize;
        var results = new SubjectMatch[count][];
        for (int first = 0; first < count; first += ProbesAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            float[][] block = new float[Math.Min(ProbesAtOnce, count - first)][];
            for (int i = 0; i < block.Length; i++)
            {
                block[i] = UnitVector.Of(probes.Slice((first + i) * size, size));
            }

            Block(block, top, filter, meta.LastTemplate, cancellationToken).CopyTo(results.AsSpan(first));
        }

        return results;
    }

    private SubjectMatch[][] Block(float[][] probes, int top, GalleryFilter filter, long lastTemplate, CancellationToken cancellationToken)
    {
        IDatabase database = server.Database;
        var candidates = new SearchCandidates(reading, filter, clock.GetUtcNow(), lastTemplate);
        string[] tags = MetadataTags.Of(filter.Metadata);
        if (tags.Length > 0 && IsRare(tags))
        {
            (ShardKeys Shard, long Id)[] few = Tagged(tags);
            candidates.Load(few, cancellationToken);
            return [.. probes.Select(probe => candidates.Rank(probe, few, top))];
        }

        // Before the vector sets are asked: what moves from here to there meanwhile is then found there.
        RedisValue[][] pending = RedisServer.All(keys.Shards.Select(shard => database.SetMembersAsync(shard.Pending)), cancellationToken);
        (ShardKeys Shard, long Id)[] waiting = [.. keys.Shards.SelectMany((shard, i) => pending[i].Select(id => (shard, (long)id)))];
        long[] sizes = RedisServer.All(keys.Shards.Select(shard => database.SortedSetLengthAsync(shard.Templates)), cancellationToken);
        var results = new SubjectMatch[probes.Length][];
        int[] open = [.. Enumerable.Range(0, probes.Length)];
        for (long asked = Math.Max(LeastAsked, 2L * top); open.Length > 0; asked *= 4)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int ask = (int)Math.Min(asked, MaxAsked);
            bool everything = asked >= sizes.Max() || asked >= MaxAsked;
            RedisResult[] answers = RedisServer.All(open.SelectMany(probe => keys.Shards.Select(shard => Ask(shard, probes[probe], ask, tags))), cancellationToken);
            (ShardKeys Shard, long Id)[][] found = [.. open.Select((_, i) => Merge(answers.AsSpan(i * keys.Shards.Count, keys.Shards.Count)))];
            candidates.Load(found.SelectMany(x => x).Concat(waiting), cancellationToken);
            var still = new List<int>();
            for (int i = 0; i < open.Length; i++)
            {
                (ShardKeys Shard, long Id)[] seen = [.. found[i].Union(waiting)];
                results[open[i]] = candidates.Rank(probes[open[i]], seen, top);
                bool exhausted = everything && tags.Length == 0 && candidates.CountOf(seen) >= sizes.Sum();
                if (results[open[i]].Length < top && !exhausted && candidates.Farthest(probes[open[i]], found[i]) >= filter.MinCosine)
                {
                    still.Add(open[i]);
                }
            }

            open = [.. still];
            if (open.Length > 0 && (everything || tags.Length > 0))
            {
                // A filter, or a graph that does not lead everywhere, may have left something out: then those that can be meant are few, or there is no other way.
                (ShardKeys Shard, long Id)[] all = tags.Length > 0 ? Tagged(tags) : All(lastTemplate);
                candidates.Load(all, cancellationToken);
                foreach (int probe in open)
                {
                    results[probe] = candidates.Rank(probes[probe], all, top);
                }

                break;
            }
        }

        return results;
    }

    private Task<RedisResult> Ask(ShardKeys shard, float[] probe, int count, string[] tags)
    {
        var words = new List<object>
        {
            shard.Vectors, "FP32", UnitVector.ToBytes(probe), "COUNT", count, "EF", Math.Max(LeastExploration, 2 * count),
        };
        if (tags.Length > 0)
        {
            words.AddRange(["FILTER", MetadataTags.ToFilter(tags)]);
        }

        return server.Database.ExecuteAsync("VSIM", words);
    }

    private (ShardKeys Shard, long Id)[] Merge(ReadOnlySpan<RedisResult> answers)
    {
        var found = new HashSet<(ShardKeys, long)>();
        for (int i = 0; i < answers.Length; i++)
        {
            ShardKeys shard = keys.Shards[i];
            foreach (RedisResult id in answers[i].IsNull ? [] : (RedisResult[])answers[i]!)
            {
                if (long.TryParse((string?)id, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
                {
                    found.Add((shard, number));
                }
            }
        }

        return [.. found];
    }

    private bool IsRare(string[] tags) => RedisServer.All(keys.Shards.Select(shard =>
        server.Database.SetIntersectionLengthAsync([.. tags.Select(shard.Tag)], MostCompared + 1))).Sum() <= MostCompared;

    private (ShardKeys Shard, long Id)[] Tagged(string[] tags)
    {
        IDatabase database = server.Database;
        RedisValue[][] subjects = RedisServer.All(keys.Shards.Select(shard =>
            database.SetCombineAsync(SetOperation.Intersect, [.. tags.Select(shard.Tag)])));
        (ShardKeys Shard, Task<RedisValue[]> Ids)[] reads =
            [.. keys.Shards.SelectMany((shard, i) => subjects[i].Select(id => (shard, database.HashValuesAsync(shard.Images((long)id)))))];
        RedisServer.All(reads.Select(x => x.Ids));
        return [.. reads.SelectMany(x => x.Ids.Result.Select(id => (x.Shard, (long)id)))];
    }

    private (ShardKeys Shard, long Id)[] All(long lastTemplate)
    {
        RedisValue[][] ids = RedisServer.All(keys.Shards.Select(shard => server.Database.SortedSetRangeByScoreAsync(shard.Templates, 0, lastTemplate)));
        return [.. keys.Shards.SelectMany((shard, i) => ids[i].Select(id => (shard, (long)id)))];
    }
}
