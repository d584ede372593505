using Npgsql;
using Pgvector;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Postgres;

/// <summary>Writes all templates again under another key, or encrypts or decrypts them, batch by batch while others read and write.</summary>
internal sealed class KeyChange(PostgresSession session, TemplateCodec codec, int embeddingSize, string? keyId)
{
    private const int RowsAtOnce = 256;

    private readonly PostgresLocation _location = session.Location;

    /// <summary>Does it, or the rest of it where it was broken off.</summary>
    /// <returns>How many templates were written again.</returns>
    public long Run(IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        (long last, long total) = session.Write(Begin, cancellationToken);
        if (keyId is null)
        {
            // The extension may be new to the database, and its types to this pool.
            session.Renew();
        }

        // From here on everybody writes under the new key, so what there is to do ends with the last template of this moment.
        long at = 0, done = 0, rewritten = 0;
        while (at < last)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (long next, int read, int written) = session.Write((connection, state) => Rewrite(connection, state, at, cancellationToken), cancellationToken);
            if (read == 0)
            {
                break;
            }

            (at, done, rewritten) = (next, done + read, rewritten + written);
            progress?.Report(new WorkProgress("changing keys", done, Math.Max(done, total), "templates"));
        }

        session.Write(
            (connection, state) =>
            {
                RequireOwn(state);
                return Sql.Run(connection, $"UPDATE {session.S}state SET partial = false, has_vectors = key_id IS NULL");
            },
            cancellationToken);
        return rewritten;
    }

    private (long Last, long Total) Begin(NpgsqlConnection connection, GalleryState state)
    {
        bool fromClear = state.Encryption.Partial || state.Encryption.KeyId is null;
        if (keyId is null)
        {
            VectorTable.Create(connection, _location, embeddingSize);
            Sql.Run(connection, $"UPDATE {session.S}state SET key_id = NULL, partial = false, erasure_owed = revision");
        }
        else
        {
            // Vectors in the clear would give the templates away: their files go with this commit, and searches go by memory from then on.
            Sql.Run(connection, $"DROP TABLE IF EXISTS {session.S}vectors");
            Sql.Run(connection, $"UPDATE {session.S}state SET key_id = $1, partial = $2, has_vectors = false, erasure_owed = revision", keyId, fromClear);
        }

        return ((long)Sql.Value(connection, $"SELECT coalesce(max(id), 0) FROM {session.S}templates")!,
            (long)Sql.Value(connection, $"SELECT count(*) FROM {session.S}templates")!);
    }

    private (long Last, int Read, int Written) Rewrite(NpgsqlConnection connection, GalleryState state, long after, CancellationToken cancellationToken)
    {
        RequireOwn(state);
        var all = new List<GalleryTemplate>(RowsAtOnce);
        var ids = new List<long>();
        var blobs = new List<byte[]>();
        using (TemplateReader reader = TemplateReader.Start(connection, _location, codec, after, RowsAtOnce))
        {
            while (reader.Next() is { } template)
            {
                all.Add(template);
                if (codec.KeyOf(reader.Blob) != keyId)
                {
                    ids.Add(template.Id);
                    blobs.Add(codec.Write(template.Subject, template.Digest, template.Embedding, keyId));
                }
            }
        }

        if (all.Count == 0)
        {
            return (after, 0, 0);
        }

        Sql.RunLong(
            connection,
            $"UPDATE {session.S}templates t SET template = u.template FROM unnest($1::bigint[], $2::bytea[]) AS u (id, template) WHERE t.id = u.id",
            ids.ToArray(),
            blobs.ToArray());
        if (keyId is null && !state.HasVectors)
        {
            Vector[] vectors = [.. all.Select(t => UnitVector.Of(t.Embedding))];
            Enrolment.AddVectors(connection, _location, [.. all.Select(t => t.Id)], [.. all.Select(t => t.SubjectId)], vectors, cancellationToken);
        }

        return (all[^1].Id, all.Count, ids.Count);
    }

    private void RequireOwn(GalleryState state)
    {
        if (state.Encryption.KeyId != keyId)
        {
            throw new SemblanceException($"gallery {_location}: somebody else changes its keys to others at the same time; look which key is wanted and run one change again.");
        }
    }
}
