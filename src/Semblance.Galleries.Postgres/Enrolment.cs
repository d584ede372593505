using Npgsql;
using Pgvector;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Postgres;

/// <summary>Adds a batch of templates within a transaction that has its turn: few statements, many rows each.</summary>
internal sealed class Enrolment(NpgsqlConnection connection, GalleryState state, PostgresLocation location, TemplateCodec codec, TimeProvider clock)
{
    // A statement's parameters are held in memory here and there: some megabytes at 512 dimensions.
    private const int RowsAtOnce = 256;

    private readonly string _s = location.Schema + ".";

    public EnrolmentOutcome Add(IReadOnlyList<NewTemplate> batch, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        Dictionary<string, long> subjects = FindSubjects(batch);
        int newSubjects = AddSubjects(batch, subjects, now);
        UpdateSubjects(batch);
        var already = new List<int>();
        for (int first = 0; first < batch.Count; first += RowsAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AddTemplates(batch, first, Math.Min(RowsAtOnce, batch.Count - first), subjects, already, now, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new EnrolmentOutcome(batch.Count - already.Count, newSubjects, already);
    }

    /// <summary>Adds vectors of templates; those that are there already stay.</summary>
    public static void AddVectors(NpgsqlConnection connection, PostgresLocation location, long[] templates, long[] subjects, Vector[] vectors, CancellationToken cancellationToken)
    {
        string type = VectorTable.TypeOf(vectors.Length > 0 ? vectors[0].Memory.Length : 0);
        using NpgsqlCommand command = Sql.Command(
            connection,
            $"""
            INSERT INTO {location.Schema}.vectors (template_id, subject_id, embedding)
            SELECT u.template_id, u.subject_id, u.embedding::{type} FROM unnest($1::bigint[], $2::bigint[], $3::vector[]) AS u (template_id, subject_id, embedding)
            ON CONFLICT (template_id) DO NOTHING
            """,
            templates,
            subjects,
            vectors);

        // Each is linked into the index, which takes as long as the gallery is large.
        command.CommandTimeout = 0;
        Sql.Read(command, cancellationToken).Dispose();
    }

    private Dictionary<string, long> FindSubjects(IReadOnlyList<NewTemplate> batch)
    {
        var subjects = new Dictionary<string, long>(StringComparer.Ordinal);
        using NpgsqlCommand command = Sql.Command(
            connection, $"SELECT id, name FROM {_s}subjects WHERE name = ANY ($1)", Sql.Texts(batch.Select(t => t.Subject).Distinct(StringComparer.Ordinal)));
        using NpgsqlDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            subjects[reader.GetString(1)] = reader.GetInt64(0);
        }

        return subjects;
    }

    private int AddSubjects(IReadOnlyList<NewTemplate> batch, Dictionary<string, long> subjects, DateTimeOffset now)
    {
        NewTemplate[] firsts = [.. batch.DistinctBy(t => t.Subject, StringComparer.Ordinal).Where(t => !subjects.ContainsKey(t.Subject))];
        if (firsts.Length == 0)
        {
            return 0;
        }

        using NpgsqlCommand command = Sql.Command(
            connection,
            $"""
            INSERT INTO {_s}subjects (name, created, changed)
            SELECT u.name, u.created, $3 FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS u (name, created, place) ORDER BY u.place
            RETURNING id, name
            """,
            firsts.Select(t => t.Subject).ToArray(),
            firsts.Select(t => Ticks.Of(t.Details?.Created ?? t.Created ?? now)).ToArray(),
            state.Revision);
        using NpgsqlDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            subjects[reader.GetString(1)] = reader.GetInt64(0);
        }

        return firsts.Length;
    }

    private void UpdateSubjects(IReadOnlyList<NewTemplate> batch)
    {
        var rows = new SubjectRows(location);
        foreach (NewTemplate[] chunk in batch.Where(t => t.Details is { IsEmpty: false }).Chunk(RowsAtOnce))
        {
            using NpgsqlBatch updates = Sql.Batch(connection, [.. chunk.Select(t => rows.Update(t.Subject, t.Details!, state.Revision))]);
            updates.ExecuteNonQuery();
        }
    }

    private void AddTemplates(
        IReadOnlyList<NewTemplate> batch, int first, int count, Dictionary<string, long> subjects, List<int> already, DateTimeOffset now, CancellationToken cancellationToken)
    {
        NewTemplate[] rows = [.. Enumerable.Range(first, count).Select(i => batch[i])];
        var added = new Dictionary<(long Subject, string Digest), long>(count);
        using (NpgsqlCommand command = Sql.Command(
            connection,
            $"""
            INSERT INTO {_s}templates (subject_id, template, source, digest, created)
            SELECT u.subject_id, u.template, u.source, u.digest, u.created
            FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::bytea[], $5::bigint[]) WITH ORDINALITY AS u (subject_id, template, source, digest, created, place)
            ORDER BY u.place
            ON CONFLICT (subject_id, digest) DO NOTHING
            RETURNING id, subject_id, digest
            """,
            rows.Select(t => subjects[t.Subject]).ToArray(),
            rows.Select(t => codec.Write(t.Subject, t.Digest, t.Embedding, state.Encryption.KeyId)).ToArray(),
            rows.Select(t => t.Source).ToArray(),
            rows.Select(t => t.Digest).ToArray(),
            rows.Select(t => Ticks.Of(t.Created ?? now)).ToArray()))
        {
            command.CommandTimeout = 0;
            using NpgsqlDataReader reader = Sql.Read(command, cancellationToken);
            while (reader.Read())
            {
                added.Add((reader.GetInt64(1), Convert.ToHexString(reader.GetFieldValue<byte[]>(2))), reader.GetInt64(0));
            }
        }

        var ids = new List<long>(added.Count);
        var owners = new List<long>(added.Count);
        var vectors = new List<Vector>(added.Count);
        for (int i = 0; i < rows.Length; i++)
        {
            // Of two equal ones in this batch the first was added.
            long subject = subjects[rows[i].Subject];
            if (!added.Remove((subject, Convert.ToHexString(rows[i].Digest)), out long id))
            {
                already.Add(first + i);
                continue;
            }

            ids.Add(id);
            owners.Add(subject);
            vectors.Add(UnitVector.Of(rows[i].Embedding));
        }

        if (state.Encryption.KeyId is null && ids.Count > 0)
        {
            AddVectors(connection, location, [.. ids], [.. owners], [.. vectors], cancellationToken);
        }
    }
}
