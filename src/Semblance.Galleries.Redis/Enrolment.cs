using Semblance.Recognition.Galleries;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis;

/// <summary>Plans what a batch of new templates changes, and makes it.</summary>
internal sealed class Enrolment(RedisServer server, GalleryKeys keys, TemplateReading reading, TemplateCodec codec, string location, TimeProvider clock)
{
    /// <summary>A turn that has begun is renewed after so many templates.</summary>
    private const int RenewedAfter = 4096;

    public EnrolmentOutcome Add(IReadOnlyList<NewTemplate> batch, WriteTurn turn, CancellationToken cancellationToken)
    {
        Dictionary<string, SubjectDraft> drafts = Drafts(batch);
        HashSet<int> already = AlreadyEnrolled(batch, drafts);
        long template = Reserve(keys.TemplateIds, batch.Count - already.Count);
        var changes = new Changes(keys);
        string? keyId = turn.Meta.Encryption.KeyId;
        for (int i = 0; i < batch.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (i % RenewedAfter == RenewedAfter - 1)
            {
                turn.Renew();
            }

            NewTemplate item = batch[i];
            SubjectDraft draft = drafts[item.Subject];
            if (item.Details is { } details)
            {
                draft.Apply(details);
            }

            if (!already.Contains(i))
            {
                Put(changes, item, draft.Now.Id, ++template, keyId);
            }
        }

        long revision = turn.Meta.Revision + 1;
        SubjectDraft[] written = [.. drafts.Values.Where(d => d.Before is null || d.Now != d.Before)];
        new SubjectWriting(server, location, changes).Write(written, revision);
        var outcome = new EnrolmentOutcome(batch.Count - already.Count, drafts.Values.Count(d => d.Before is null), [.. already.Order()]);
        if (changes.IsEmpty)
        {
            return outcome;
        }

        changes.Meta("revision", revision);
        if (outcome.Added > 0)
        {
            changes.Meta("last_template", template);
        }

        cancellationToken.ThrowIfCancellationRequested();
        turn.Commit(changes);
        return outcome;
    }

    private Dictionary<string, SubjectDraft> Drafts(IReadOnlyList<NewTemplate> batch)
    {
        string[] names = [.. batch.Select(item => item.Subject).Distinct(StringComparer.Ordinal)];
        GallerySubject?[] known = reading.ByName(keys, names);
        long id = Reserve(keys.SubjectIds, known.Count(subject => subject is null));
        var drafts = new Dictionary<string, SubjectDraft>(StringComparer.Ordinal);
        for (int i = 0; i < names.Length; i++)
        {
            if (known[i] is { } subject)
            {
                drafts[names[i]] = new SubjectDraft(subject, subject);
                continue;
            }

            NewTemplate first = batch.First(item => item.Subject == names[i]);
            DateTimeOffset created = first.Details?.Created ?? first.Created ?? clock.GetUtcNow();
            drafts[names[i]] = new SubjectDraft(new GallerySubject(++id, names[i], 0, created), null);
        }

        return drafts;
    }

    private HashSet<int> AlreadyEnrolled(IReadOnlyList<NewTemplate> batch, Dictionary<string, SubjectDraft> drafts)
    {
        bool[] stored = RedisServer.All(batch.Select(item => drafts[item.Subject] is { Before: { } subject }
            ? server.Database.HashExistsAsync(keys.ShardOf(item.Subject).Images(subject.Id), item.Digest)
            : Task.FromResult(false)));
        var already = new HashSet<int>();
        var seen = new HashSet<(string Subject, string Digest)>();
        for (int i = 0; i < batch.Count; i++)
        {
            if (stored[i] || !seen.Add((batch[i].Subject, Convert.ToHexString(batch[i].Digest))))
            {
                already.Add(i);
            }
        }

        return already;
    }

    private void Put(Changes changes, NewTemplate item, long subjectId, long id, string? keyId)
    {
        ShardKeys shard = keys.ShardOf(item.Subject);
        changes.Shard(
            shard,
            "HSET",
            shard.Template(id),
            "subject",
            subjectId,
            "name",
            item.Subject,
            "bytes",
            codec.Write(item.Subject, item.Digest, item.Embedding, keyId),
            "source",
            item.Source,
            "digest",
            item.Digest,
            "created",
            Timestamp.Write(item.Created ?? clock.GetUtcNow()));
        changes.Shard(shard, "HSET", shard.Images(subjectId), item.Digest, id);
        changes.Shard(shard, "ZADD", shard.Templates, id, id);
        changes.Shard(shard, "SADD", shard.Pending, id);
    }

    /// <summary>Takes numbers that nobody ever gets again.</summary>
    /// <returns>The number before the first of them.</returns>
    private long Reserve(RedisKey counter, int count) => count == 0 ? 0 : server.Database.StringIncrement(counter, count) - count;
}
