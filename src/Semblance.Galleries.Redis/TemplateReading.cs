using Semblance.Recognition.Galleries;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>Reads templates and subjects from a shard, many at a time.</summary>
internal sealed class TemplateReading(RedisServer server, string location, Func<TemplateCodec> codec)
{
    private static readonly RedisValue[] Fields = ["subject", "name", "bytes", "source", "digest", "created"];
    private static readonly IReadOnlyDictionary<string, string> NoMetadata = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Reads templates; those that are gone are passed over.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="ids">Their numbers.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="SemblanceException">A template is damaged or its key is not at hand.</exception>
    public List<StoredTemplate> Read(ShardKeys shard, IReadOnlyList<long> ids, CancellationToken cancellationToken = default)
    {
        TemplateCodec reader = codec();
        RedisValue[][] rows = RedisServer.All(ids.Select(id => server.Database.HashGetAsync(shard.Template(id), Fields)), cancellationToken);
        var found = new List<StoredTemplate>(ids.Count);
        for (int i = 0; i < rows.Length; i++)
        {
            RedisValue[] row = rows[i];
            if (row[0].IsNull)
            {
                continue;
            }

            if (row.Any(value => value.IsNull))
            {
                throw new SemblanceException($"gallery {location} is damaged: template {ids[i]} lacks a value; remove the subject and enrol it again.");
            }

            string name = row[1]!;
            byte[] bytes = row[2]!;
            byte[] digest = row[4]!;
            found.Add(new StoredTemplate(
                ids[i], (long)row[0], name, reader.Read(ids[i], name, digest, bytes), reader.KeyOf(bytes), row[3]!, digest, Timestamp.Read(row[5])));
        }

        return found;
    }

    /// <summary>Reads subjects; those that are gone are passed over.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="ids">Their numbers.</param>
    /// <param name="count">Whether to count their templates.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public List<GallerySubject> Subjects(ShardKeys shard, IReadOnlyList<long> ids, bool count, CancellationToken cancellationToken = default)
    {
        IDatabase database = server.Database;
        Task<long[]> counts = count ? Task.WhenAll(ids.Select(id => database.HashLengthAsync(shard.Images(id)))) : Task.FromResult(new long[ids.Count]);
        HashEntry[][] rows = RedisServer.All(ids.Select(id => database.HashGetAllAsync(shard.Subject(id))), cancellationToken);
        long[] templates = counts.GetAwaiter().GetResult();
        var found = new List<GallerySubject>(ids.Count);
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Length > 0)
            {
                found.Add(Subject(ids[i], rows[i], (int)templates[i]));
            }
        }

        return found;
    }

    /// <summary>Reads subjects by name; null for those that the gallery lacks.</summary>
    public GallerySubject?[] ByName(GalleryKeys keys, IReadOnlyList<string> names)
    {
        RedisValue[] ids = RedisServer.All(names.Select(name => server.Database.HashGetAsync(keys.ShardOf(name).Ids, name)));
        var found = new Dictionary<string, GallerySubject>(StringComparer.Ordinal);
        foreach (var shard in names.Select((name, i) => (Shard: keys.ShardOf(name), Id: ids[i])).Where(x => !x.Id.IsNull).GroupBy(x => x.Shard))
        {
            foreach (GallerySubject subject in Subjects(shard.Key, [.. shard.Select(x => (long)x.Id)], count: true))
            {
                found[subject.Name] = subject;
            }
        }

        return [.. names.Select(name => found.GetValueOrDefault(name))];
    }

    public IReadOnlyDictionary<string, string> Metadata(RedisValue json) =>
        json.IsNullOrEmpty ? NoMetadata : SubjectMetadata.FromJson(json!, location);

    private GallerySubject Subject(long id, HashEntry[] row, int templates)
    {
        Dictionary<string, RedisValue> values = row.ToDictionary(e => (string)e.Name!, e => e.Value, StringComparer.Ordinal);
        if (!values.TryGetValue("name", out RedisValue name))
        {
            throw new SemblanceException($"gallery {location} is damaged: subject {id} has no name.");
        }

        return new GallerySubject(id, name!, templates, Timestamp.Read(values.GetValueOrDefault("created")))
        {
            ExternalId = values.TryGetValue("external", out RedisValue external) ? (string?)external : null,
            Metadata = Metadata(values.GetValueOrDefault("metadata")),
            LastSeen = values.TryGetValue("last_seen", out RedisValue seen) ? Timestamp.Read(seen) : null,
            Expires = values.TryGetValue("expires", out RedisValue expires) ? Timestamp.Read(expires) : null,
        };
    }
}
