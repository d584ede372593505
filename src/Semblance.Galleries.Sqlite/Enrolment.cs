using Microsoft.Data.Sqlite;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Sqlite;

/// <summary>Adds a batch of templates within a transaction.</summary>
internal sealed class Enrolment(SqliteTransaction transaction, SubjectRows subjects, TemplateCodec codec, string path, TimeProvider clock)
{
    public EnrolmentOutcome Add(IReadOnlyList<NewTemplate> batch, CancellationToken cancellationToken)
    {
        var already = new List<int>();
        int newSubjects = 0;
        string? keyId = GalleryMeta.Read(transaction.Connection!, transaction, path).Encryption.KeyId;
        long revision = GalleryMeta.Count(transaction);
        using SqliteCommand addSubject = Sql.Command(
            transaction,
            "INSERT INTO subjects (name, created, changed) VALUES ($name, $created, $revision) ON CONFLICT (name) DO NOTHING",
            "$name", "$created", "$revision");
        using SqliteCommand addTemplate = Sql.Command(
            transaction,
            """
            INSERT INTO templates (subject_id, embedding, source, digest, created)
            SELECT id, $embedding, $source, $digest, $created FROM subjects WHERE name = $name
            ON CONFLICT (subject_id, digest) DO NOTHING
            """,
            "$name", "$embedding", "$source", "$digest", "$created");
        for (int i = 0; i < batch.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            NewTemplate template = batch[i];
            string created = Timestamp.Write(template.Created ?? clock.GetUtcNow());
            newSubjects += addSubject.Run(template.Subject, template.Details?.Created is { } since ? Timestamp.Write(since) : created, revision);
            byte[] blob = codec.Write(template.Subject, template.Digest, template.Embedding, keyId);
            if (addTemplate.Run(template.Subject, blob, template.Source, template.Digest, created) == 0)
            {
                already.Add(i);
            }

            if (template.Details is { } details)
            {
                subjects.Update(transaction, template.Subject, details, revision);
            }
        }

        return new EnrolmentOutcome(batch.Count - already.Count, newSubjects, already);
    }
}
