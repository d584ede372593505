using Semblance.Recognition.Galleries;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>Puts subjects into the changes of a write: their own hash, and every key that leads to them.</summary>
internal sealed class SubjectWriting(RedisServer server, string location, Changes changes)
{
    /// <summary>Writes new and changed subjects.</summary>
    /// <param name="drafts">The subjects.</param>
    /// <param name="revision">The revision that the write makes; null where no search can see the change.</param>
    /// <exception cref="UsageException">An external id is another subject's.</exception>
    public void Write(IReadOnlyCollection<SubjectDraft> drafts, long? revision)
    {
        RequireExternalIds(drafts);

        // First all that is let go: a subject of this write may take what another gives up.
        foreach (SubjectDraft draft in drafts)
        {
            if (draft.Before?.ExternalId is { } old && old != draft.Now.ExternalId)
            {
                changes.Gallery("HDEL", changes.Keys.External, old);
            }
        }

        foreach (SubjectDraft draft in drafts)
        {
            Write(draft, revision);
        }
    }

    /// <summary>Takes subjects out with all their templates.</summary>
    public void Remove(IReadOnlyCollection<GallerySubject> subjects)
    {
        foreach (GallerySubject subject in subjects)
        {
            ShardKeys shard = changes.Keys.ShardOf(subject.Name);
            foreach (RedisValue template in server.Database.HashValues(shard.Images(subject.Id)))
            {
                changes.Shard(shard, "DEL", shard.Template((long)template));
                changes.Shard(shard, "ZREM", shard.Templates, template);
                changes.Shard(shard, "SADD", shard.Pending, template);
            }

            foreach (string tag in MetadataTags.Of(subject.Metadata))
            {
                changes.Shard(shard, "SREM", shard.Tag(tag), subject.Id);
            }

            changes.Shard(shard, "DEL", shard.Images(subject.Id));
            changes.Shard(shard, "DEL", shard.Subject(subject.Id));
            changes.Shard(shard, "HDEL", shard.Ids, subject.Name);
            changes.Shard(shard, "ZREM", shard.Names, subject.Name);
            changes.Shard(shard, "ZREM", shard.Expiry, subject.Id);
            changes.Shard(shard, "ZREM", shard.Changed, subject.Id);
            if (subject.ExternalId is { } external)
            {
                changes.Gallery("HDEL", changes.Keys.External, external);
            }
        }
    }

    private void Write(SubjectDraft draft, long? revision)
    {
        GallerySubject now = draft.Now;
        ShardKeys shard = changes.Keys.ShardOf(now.Name);
        RedisKey key = shard.Subject(now.Id);
        changes.Shard(shard, "HSET", key, "name", now.Name, "created", Timestamp.Write(now.Created), "metadata", SubjectMetadata.ToJson(now.Metadata));
        Set("external", now.ExternalId);
        Set("last_seen", now.LastSeen is { } seen ? Timestamp.Write(seen) : null);
        Set("expires", now.Expires is { } at ? Timestamp.Write(at) : null);
        if (draft.Before is null)
        {
            changes.Shard(shard, "HSET", shard.Ids, now.Name, now.Id);
            changes.Shard(shard, "ZADD", shard.Names, 0, now.Name);
        }

        if (now.ExternalId is { } external && external != draft.Before?.ExternalId)
        {
            changes.Gallery("HSET", changes.Keys.External, external, now.Name);
        }

        if (now.Expires is { } expires)
        {
            changes.Shard(shard, "ZADD", shard.Expiry, expires.ToUnixTimeMilliseconds(), now.Id);
        }
        else if (draft.Before?.Expires is not null)
        {
            changes.Shard(shard, "ZREM", shard.Expiry, now.Id);
        }

        if (revision is { } number)
        {
            changes.Shard(shard, "ZADD", shard.Changed, number, now.Id);
        }

        Retag(draft, shard);

        void Set(string field, string? value)
        {
            if (value is not null)
            {
                changes.Shard(shard, "HSET", key, field, value);
            }
            else if (draft.Before is not null)
            {
                changes.Shard(shard, "HDEL", key, field);
            }
        }
    }

    private void Retag(SubjectDraft draft, ShardKeys shard)
    {
        string[] before = draft.Before is { } old ? MetadataTags.Of(old.Metadata) : [];
        string[] now = MetadataTags.Of(draft.Now.Metadata);
        foreach (string tag in before.Except(now))
        {
            changes.Shard(shard, "SREM", shard.Tag(tag), draft.Now.Id);
        }

        foreach (string tag in now.Except(before))
        {
            changes.Shard(shard, "SADD", shard.Tag(tag), draft.Now.Id);
        }

        if (draft.Before is { Templates: > 0 } && !before.SequenceEqual(now))
        {
            changes.Shard(shard, "SADD", shard.Pending, server.Database.HashValues(shard.Images(draft.Now.Id)));
        }
    }

    private void RequireExternalIds(IReadOnlyCollection<SubjectDraft> drafts)
    {
        SubjectDraft[] takers = [.. drafts.Where(d => d.Now.ExternalId is { } id && id != d.Before?.ExternalId)];
        RedisValue[] holders = RedisServer.All(takers.Select(d => server.Database.HashGetAsync(changes.Keys.External, d.Now.ExternalId)));
        var taken = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < takers.Length; i++)
        {
            GallerySubject taker = takers[i].Now;
            string? holder = holders[i];
            if (holder is not null && drafts.FirstOrDefault(d => d.Now.Name == holder) is { } other && other.Now.ExternalId != taker.ExternalId)
            {
                holder = null;
            }

            if (taken.GetValueOrDefault(taker.ExternalId!) is { } rival)
            {
                holder = rival;
            }

            if (holder is not null && holder != taker.Name)
            {
                throw new UsageException($"gallery {location}: external id '{taker.ExternalId}' is that of subject '{holder}' already.");
            }

            taken[taker.ExternalId!] = taker.Name;
        }
    }
}
