using Semblance.Recognition.Galleries;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>Writes all templates again under another key, or in the clear, a page at a time; others read and write meanwhile.</summary>
internal sealed class KeyChange(GalleryWriter writer, SnapshotLoading loading, TemplateReading reading, TemplateCodec codec, Erasure erasure, string gallery)
{
    private const int RewrittenAtOnce = 256;

    /// <summary>Does the change, or the rest of one that broke off.</summary>
    /// <param name="keyId">The key to encrypt with; null for none.</param>
    /// <param name="progress">Told of templates dealt with.</param>
    /// <param name="cancellationToken">Ends the work between two pages.</param>
    /// <returns>How many templates were written again.</returns>
    public long Run(string? keyId, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        (long Id, ShardKeys Shard)[] ids = [];
        writer.Commit((changes, meta) =>
        {
            bool fromClear = meta.Encryption.Partial || meta.Encryption.KeyId is null;
            changes.Meta("encryption_key", keyId ?? RedisValue.Null);
            changes.Meta("encryption_partial", fromClear && keyId is not null ? 1 : RedisValue.Null);
            changes.Meta("vectors_partial", meta.HasVectors && keyId is null ? RedisValue.Null : 1);
            changes.Meta("erasure_owed", 1);

            // From here on everybody writes under the new key, so what there is to do ends with the last template of this moment.
            ids = loading.Ids(0, meta.LastTemplate);
        });
        long rewritten = 0, done = 0;
        foreach ((long Id, ShardKeys Shard)[] page in ids.Chunk(RewrittenAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            int written = 0;
            writer.Commit((changes, meta) =>
            {
                RequireOwn(meta, keyId);
                written = Rewrite(changes, page, keyId);
            });
            rewritten += written;
            done += page.Length;
            progress?.Report(new WorkProgress("changing keys", done, ids.Length, "templates"));
        }

        writer.Commit((changes, meta) =>
        {
            RequireOwn(meta, keyId);
            changes.Meta("encryption_partial", RedisValue.Null);
            changes.Meta("vectors_partial", RedisValue.Null);
        });
        erasure.RewriteFiles();
        return rewritten;
    }

    private void RequireOwn(GalleryMeta meta, string? keyId)
    {
        if (meta.Encryption.KeyId != keyId)
        {
            throw new SemblanceException($"gallery {gallery}: somebody else changes its keys to others at the same time; look which key is wanted and run one change again.");
        }
    }

    private int Rewrite(Changes changes, (long Id, ShardKeys Shard)[] page, string? keyId)
    {
        int written = 0;
        foreach (IGrouping<ShardKeys, (long Id, ShardKeys Shard)> shard in page.GroupBy(x => x.Shard))
        {
            foreach (StoredTemplate template in reading.Read(shard.Key, [.. shard.Select(x => x.Id)]))
            {
                // Noted even where the bytes are right already: a change that broke off may have left its vector as it was.
                changes.Shard(shard.Key, "SADD", shard.Key.Pending, template.Id);
                if (template.KeyId != keyId)
                {
                    written++;
                    changes.Shard(
                        shard.Key, "HSET", shard.Key.Template(template.Id), "bytes", codec.Write(template.Subject, template.Digest, template.Embedding, keyId));
                }
            }
        }

        return written;
    }
}
