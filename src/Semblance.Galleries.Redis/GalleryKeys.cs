using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>
/// The names of a gallery's keys. What belongs to the whole gallery lies under <c>semblance:{name}:</c>; what belongs to a shard lies under
/// <c>semblance:{name:3}:</c>, and with a single shard under the gallery's own prefix. What is in braces decides the machine of a cluster,
/// so a shard's keys are always together and can be changed in one transaction.
/// </summary>
internal sealed class GalleryKeys
{
    public const int MaxShards = 1024;

    private readonly string _gallery;
    private readonly ShardKeys[] _shards;

    public GalleryKeys(string name, int shards)
    {
        _gallery = $"semblance:{{{name}}}:";
        _shards = [.. Enumerable.Range(0, shards).Select(i => new ShardKeys(i, shards == 1 ? _gallery : $"semblance:{{{name}:{i}}}:"))];
    }

    /// <summary>Hash: schema, model, settings, encryption, counters.</summary>
    public RedisKey Meta => _gallery + "meta";

    /// <summary>Hash: external id → subject's name.</summary>
    public RedisKey External => _gallery + "external";

    /// <summary>The last subject id given out.</summary>
    public RedisKey SubjectIds => _gallery + "subject-ids";

    /// <summary>The last template id given out.</summary>
    public RedisKey TemplateIds => _gallery + "template-ids";

    /// <summary>Who is writing; expires by itself.</summary>
    public RedisKey Turn => _gallery + "turn";

    /// <summary>Changes that are decided and not yet made in every shard.</summary>
    public RedisKey Intent => _gallery + "intent";

    /// <summary>The number of those changes.</summary>
    public RedisKey IntentNumber => _gallery + "intent-number";

    public IReadOnlyList<ShardKeys> Shards => _shards;

    /// <summary>A key on every machine that holds a part of the gallery.</summary>
    public IEnumerable<RedisKey> Everywhere => [Meta, .. _shards.Select(shard => shard.Names)];

    /// <summary>The shard of a subject: by the SHA-256 of its name, the same on every machine and in every version.</summary>
    public ShardKeys ShardOf(string subject) => _shards.Length == 1
        ? _shards[0]
        : _shards[BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(subject))) % (uint)_shards.Length];
}

/// <summary>The names of one shard's keys.</summary>
/// <param name="Number">The shard's number, from 0.</param>
/// <param name="Prefix">What they all begin with.</param>
internal sealed record ShardKeys(int Number, string Prefix)
{
    /// <summary>Sorted set, all scores 0: names in the order of their bytes.</summary>
    public RedisKey Names => Prefix + "names";

    /// <summary>Hash: name → subject id.</summary>
    public RedisKey Ids => Prefix + "ids";

    /// <summary>Sorted set: template ids, by themselves.</summary>
    public RedisKey Templates => Prefix + "templates";

    /// <summary>Sorted set: subject ids by the millisecond of their expiry.</summary>
    public RedisKey Expiry => Prefix + "expiry";

    /// <summary>Sorted set: subject ids by the revision that changed them last.</summary>
    public RedisKey Changed => Prefix + "changed";

    /// <summary>Set: ids of templates whose entry among the vectors may differ from what it should be.</summary>
    public RedisKey Pending => Prefix + "pending";

    /// <summary>Vector set: template id → embedding of unit length, with the subject's tags as attributes.</summary>
    public RedisKey Vectors => Prefix + "vectors";

    /// <summary>The number of the last intent that this shard has carried out.</summary>
    public RedisKey Applied => Prefix + "applied";

    /// <summary>Hash: what is known of a subject.</summary>
    public RedisKey Subject(long id) => Prefix + "subject:" + id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Hash: image digest → template id, of one subject.</summary>
    public RedisKey Images(long subjectId) => Prefix + "images:" + subjectId.ToString(CultureInfo.InvariantCulture);

    /// <summary>Hash: subject id, template bytes, source, digest, time.</summary>
    public RedisKey Template(long id) => Prefix + "template:" + id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Set: ids of the subjects that carry a tag.</summary>
    public RedisKey Tag(string tag) => Prefix + "tag:" + tag;
}
