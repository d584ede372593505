using System.Globalization;
using Semblance.Recognition.Galleries;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>
/// Keeps vector sets in line with the templates. Vector sets take no part in transactions (Garnet stands still where they try), so a
/// transaction notes the ids whose entry will differ, and afterwards each entry is made what it should be: there with its attributes, or
/// gone. Until then a search looks at the noted templates themselves; and whoever writes next finishes what a writer has left behind.
/// </summary>
internal sealed class VectorSync(RedisServer server, TemplateReading templates)
{
    private const int AtOnce = 256;

    /// <summary>Candidate lists while building the graph, and links per node.</summary>
    private const int BuildExploration = 200, Links = 32;

    /// <summary>Brings the noted entries of a shard in line.</summary>
    /// <exception cref="SemblanceException">The turn has passed to somebody else.</exception>
    public void Run(ShardKeys shard, WriteTurn turn, string location)
    {
        while (server.Database.SetMembers(shard.Pending) is { Length: > 0 } noted)
        {
            foreach (RedisValue[] ids in noted.Chunk(AtOnce))
            {
                Line(shard, [.. ids.Select(id => (long)id)], turn.Meta.Encryption.KeyId is null);
                if (!turn.Renew())
                {
                    // Somebody else may have changed what this one has just put back: noted again, so that they look.
                    server.Database.SetAdd(shard.Pending, ids);
                    throw new SemblanceException($"gallery {location}: this program was held up for so long that others wrote meanwhile; what it had stored is kept, do the rest again.");
                }

                server.Database.SetRemove(shard.Pending, ids);
            }
        }
    }

    /// <summary>How many templates have no entry among the vectors and are not noted either, as after a server has lost some in a crash.</summary>
    public long Missing(GalleryKeys keys)
    {
        if (!server.HasVectorSets)
        {
            return 0;
        }

        IDatabase database = server.Database;
        long[] templates = RedisServer.All(keys.Shards.Select(shard => database.SortedSetLengthAsync(shard.Templates)));
        long[] pending = RedisServer.All(keys.Shards.Select(shard => database.SetLengthAsync(shard.Pending)));
        RedisResult[] vectors = RedisServer.All(keys.Shards.Select(shard => database.ExecuteAsync("VCARD", shard.Vectors)));
        return templates.Select((count, i) => Math.Max(0, count - pending[i] - (vectors[i].IsNull ? 0 : (long)vectors[i]))).Sum();
    }

    /// <summary>Puts back what a shard's vector set lacks, a page at a time: a search looks at all that is noted.</summary>
    public void Mend(ShardKeys shard, WriteTurn turn, string location)
    {
        foreach (RedisValue[] page in server.Database.SortedSetRangeByRank(shard.Templates).Chunk(AtOnce))
        {
            RedisResult[] entries = RedisServer.All(page.Select(id => server.Database.ExecuteAsync("VGETATTR", shard.Vectors, id)));
            RedisValue[] lost = [.. page.Where((_, i) => entries[i].IsNull)];
            if (lost.Length > 0)
            {
                server.Database.SetAdd(shard.Pending, lost);
                Run(shard, turn, location);
            }
        }
    }

    private void Line(ShardKeys shard, long[] ids, bool wanted)
    {
        if (!server.HasVectorSets)
        {
            return;
        }

        IDatabase database = server.Database;
        List<StoredTemplate> present = wanted ? templates.Read(shard, ids) : [];
        Dictionary<long, Task<RedisValue>> metadata = present.Select(t => t.SubjectId).Distinct()
            .ToDictionary(id => id, id => database.HashGetAsync(shard.Subject(id), "metadata"));
        Task.WaitAll(metadata.Values.ToArray<Task>());
        var attributes = new Dictionary<long, string>();
        foreach ((long id, Task<RedisValue> read) in metadata)
        {
            attributes[id] = MetadataTags.ToAttributes(MetadataTags.Of(templates.Metadata(read.Result)));
        }

        var added = new List<(StoredTemplate Template, Task<RedisResult> Sent)>();
        foreach (StoredTemplate template in present)
        {
            added.Add((template, Add(database, shard, template.Id, UnitVector.Of(template.Embedding), attributes[template.SubjectId])));
        }

        var there = present.Select(t => t.Id).ToHashSet();
        List<Task<RedisResult>> rest = [.. ids.Where(id => !there.Contains(id)).Select(id => database.ExecuteAsync("VREM", shard.Vectors, Text(id)))];
        foreach ((StoredTemplate template, Task<RedisResult> sent) in added)
        {
            // 0: the element was there before, and a server may then leave its attributes as they were.
            if ((long)sent.GetAwaiter().GetResult() == 0)
            {
                rest.Add(database.ExecuteAsync("VSETATTR", shard.Vectors, Text(template.Id), attributes[template.SubjectId]));
            }
        }

        RedisServer.All(rest);
    }

    private Task<RedisResult> Add(IDatabase database, ShardKeys shard, long id, float[] unit, string attributes)
    {
        var words = new List<object>
        {
            shard.Vectors, "FP32", UnitVector.ToBytes(unit), Text(id),
            "NOQUANT", "EF", BuildExploration, "SETATTR", attributes, "M", Links,
        };
        if (server.IsGarnet)
        {
            // Redis knows no other distance; Garnet's own choice would be Euclidean.
            words.AddRange(["XDISTANCE_METRIC", "COSINE"]);
        }

        return database.ExecuteAsync("VADD", words);
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
