using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>What one write changes, in order: all of it or nothing.</summary>
internal sealed class Changes(GalleryKeys keys)
{
    private const byte Version = 1;

    private readonly List<Change> _all = [];

    public bool IsEmpty => _all.Count == 0;

    public GalleryKeys Keys => keys;

    /// <summary>The shards that are changed.</summary>
    public IReadOnlyList<ShardKeys> Shards => [.. _all.Where(c => c.Shard is not null).Select(c => c.Shard!.Value).Distinct().Order().Select(i => keys.Shards[i])];

    /// <summary>Every change, for a gallery whose keys all lie together.</summary>
    public IEnumerable<Change> All => _all;

    /// <summary>The changes of the gallery's own keys (null) or of a shard.</summary>
    public IEnumerable<Change> Of(int? shard) => _all.Where(c => c.Shard == shard);

    public void Gallery(string command, RedisKey key, params ReadOnlySpan<RedisValue> words) => _all.Add(new Change(null, command, key, words.ToArray()));

    public void Shard(ShardKeys shard, string command, RedisKey key, params ReadOnlySpan<RedisValue> words) =>
        _all.Add(new Change(shard.Number, command, key, words.ToArray()));

    /// <summary>Sets a value of the gallery's; null takes it away.</summary>
    public void Meta(string name, RedisValue value)
    {
        if (value.IsNull)
        {
            Gallery("HDEL", keys.Meta, name);
        }
        else
        {
            Gallery("HSET", keys.Meta, name, value);
        }
    }

    /// <summary>The changes as bytes, to be carried out by whoever finds them.</summary>
    public byte[] ToBytes(long number)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Version);
        writer.Write(number);
        writer.Write(_all.Count);
        foreach (Change change in _all)
        {
            writer.Write(change.Shard ?? -1);
            writer.Write(change.Command);
            Write(writer, change.Key!);
            writer.Write(change.Words.Length);
            foreach (RedisValue word in change.Words)
            {
                Write(writer, (byte[])word!);
            }
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no changes, or those of a newer program.</exception>
    public static (long Number, Changes Changes) FromBytes(GalleryKeys keys, byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            if (reader.ReadByte() != Version)
            {
                throw new InvalidDataException("A newer program has left changes that this one cannot read.");
            }

            long number = reader.ReadInt64();
            var changes = new Changes(keys);
            for (int left = reader.ReadInt32(); left > 0; left--)
            {
                int shard = reader.ReadInt32();
                string command = reader.ReadString();
                RedisKey key = reader.ReadBytes(reader.ReadInt32());
                var words = new RedisValue[reader.ReadInt32()];
                for (int i = 0; i < words.Length; i++)
                {
                    words[i] = reader.ReadBytes(reader.ReadInt32());
                }

                changes._all.Add(new Change(shard < 0 ? null : shard, command, key, words));
            }

            return (number, changes);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The changes are cut off.", e);
        }
    }

    private static void Write(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }
}
