using System.Diagnostics;
using Npgsql;

namespace Semblance.Galleries.Postgres;

/// <summary>
/// Takes the bytes of what was removed out of the database's files. VACUUM frees the room of deleted rows but leaves what lay in it (only the
/// HNSW index zeroes); so rows of zeros are written into the freed room of templates and vectors, in a transaction that is rolled back: nobody
/// ever sees them, and the room stays free. Names and other details lie in indexes too: table subjects, small beside the others, is rewritten
/// with all its indexes, and so are tables whose embeddings are too long for their rows. What cannot be reached from here: the write-ahead log
/// until it is recycled, its archive, replicas and backups.
/// </summary>
internal sealed class Erasure(PostgresSession session, int embeddingSize, TimeSpan patience)
{
    /// <summary>The most bytes written over in one go; reached only where a large part of a large gallery was removed.</summary>
    private const long Most = 256 << 20;

    private const int BytesAtOnce = 64 << 10;

    // Any number will do that others do not use; the second half of the lock is the gallery's own.
    private const int LockNumber = 0x53656D62;

    private readonly string _s = session.Location.Schema + ".";

    /// <summary>
    /// Erases, and strikes out the debt. Where another transaction goes on that began before, and so may still see the rows, the debt stays for
    /// the next removal.
    /// </summary>
    /// <exception cref="SemblanceException">The server failed; the debt stays noted.</exception>
    public void Run()
    {
        long paid = 0;
        try
        {
            session.Maintain(connection => paid = Pay(connection));
            if (paid > 0)
            {
                // Not if somebody has removed more since.
                session.WriteBeside(connection => Sql.Run(connection, $"UPDATE {_s}state SET erasure_owed = 0 WHERE erasure_owed = $1", paid));
            }
        }
        catch (SemblanceException e)
        {
            throw new SemblanceException($"the removal is stored, but not all traces could be erased yet (the next removal or 'semblance gallery purge' does it): {e.Message}", e);
        }
    }

    /// <returns>Which debt was paid; 0 where none was, or not all of it.</returns>
    private long Pay(NpgsqlConnection connection)
    {
        try
        {
            Sql.Run(connection, "SELECT set_config('lock_timeout', $1, false)", $"{(int)patience.TotalMilliseconds}ms");
            Sql.Run(connection, "SELECT pg_advisory_lock($1, hashtext($2))", LockNumber, session.Location.Schema);
            try
            {
                long owed = session.ReadState(connection).ErasureOwed;
                bool reachable = owed > 0 && WaitForOthers(connection);
                if (owed > 0)
                {
                    Erase(connection);
                }

                return reachable ? owed : 0;
            }
            finally
            {
                if (connection.State == System.Data.ConnectionState.Open)
                {
                    Sql.Run(connection, "SELECT pg_advisory_unlock($1, hashtext($2))", LockNumber, session.Location.Schema);
                }
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // Somebody reads a table that was to be rewritten, or erases already: nobody is to wait behind us for long.
            return 0;
        }
    }

    private void Erase(NpgsqlConnection connection)
    {
        bool vectors = Sql.Value(connection, "SELECT to_regclass($1)::text", _s + "vectors") is not null;
        bool templatesInline = GalleryTables.IsInline(embeddingSize), vectorsInline = vectors && VectorTable.IsInline(embeddingSize);
        List<string> inline = [.. templatesInline ? ["templates"] : (string[])[], .. vectorsInline ? ["vectors"] : (string[])[]];
        Vacuum(connection, "INDEX_CLEANUP ON", inline);
        using (NpgsqlTransaction transaction = connection.BeginTransaction())
        {
            Sql.Run(connection, "SET CONSTRAINTS ALL DEFERRED");
            if (templatesInline)
            {
                OverwriteTemplates(connection);
            }

            if (vectorsInline)
            {
                OverwriteVectors(connection);
            }

            transaction.Rollback();
        }

        Vacuum(connection, "INDEX_CLEANUP AUTO", inline);
        Vacuum(connection, "FULL", ["subjects", .. templatesInline ? [] : (string[])["templates"], .. vectors && !vectorsInline ? ["vectors"] : (string[])[]]);
        Flush(connection);
    }

    /// <summary>Waits a little for the transactions of this moment, as VACUUM frees nothing that one of them may still see.</summary>
    /// <returns>Whether they have ended; false also where another user's sessions are hidden from this one.</returns>
    private bool WaitForOthers(NpgsqlConnection connection)
    {
        // Whoever reads at a snapshot is there: sessions and standbys that report theirs, prepared transactions, replication slots.
        string moment = (string)Sql.Value(connection, "SELECT pg_snapshot_xmax(pg_current_snapshot())::xid::text")!;
        for (var waited = Stopwatch.StartNew(); ; Thread.Sleep(20))
        {
            if (Sql.Value(
                connection,
                """
                SELECT true FROM (
                    SELECT greatest(age(backend_xmin), age(backend_xid)) AS age, query = '<insufficient privilege>' AS hidden FROM pg_stat_activity
                    WHERE pid <> pg_backend_pid() AND (datname IS NULL OR datname = current_database()) AND backend_type IN ('client backend', 'walsender')
                    UNION ALL SELECT age(transaction), false FROM pg_prepared_xacts WHERE database = current_database()
                    UNION ALL SELECT age(xmin), false FROM pg_replication_slots) others
                WHERE age > age($1::text::xid) OR hidden LIMIT 1
                """,
                moment) is null)
            {
                return true;
            }

            if (waited.Elapsed >= patience)
            {
                return false;
            }
        }
    }

    private void Vacuum(NpgsqlConnection connection, string how, IEnumerable<string> tables)
    {
        // PostgreSQL passes over another user's table with no more than a warning.
        string? warning = null;
        void Note(object sender, NpgsqlNoticeEventArgs e) => warning ??= e.Notice.InvariantSeverity == "WARNING" ? e.Notice.MessageText : null;
        connection.Notice += Note;
        try
        {
            foreach (string table in tables)
            {
                Sql.RunLong(connection, $"VACUUM ({how}) {_s}{table}");
            }
        }
        finally
        {
            connection.Notice -= Note;
        }

        if (warning is not null)
        {
            throw new SemblanceException($"gallery {session.Location}: {warning}; remove as the user who made the gallery.");
        }
    }

    private void OverwriteTemplates(NpgsqlConnection connection)
    {
        FillUp(connection, "templates");
        long number = 0, written = 0;

        // Large pieces first, then ever smaller ones for what is left of each page.
        for (int size = (embeddingSize * sizeof(float)) + sizeof(float); ; size /= 2)
        {
            long before = Size(connection, "templates");
            while (written < Most && Size(connection, "templates") == before)
            {
                int rows = Math.Clamp(BytesAtOnce / (size + 100), 8, 400);
                Sql.RunLong(
                    connection,
                    $"""
                    INSERT INTO {_s}templates (id, subject_id, template, source, digest, created)
                    SELECT -g, 0, decode(repeat('00', $3), 'hex'), '', decode(lpad(to_hex(g), 64, '0'), 'hex'), 0 FROM generate_series($1::bigint, $2::bigint) g
                    """,
                    number + 1,
                    number + rows,
                    size);
                (number, written) = (number + rows, written + ((long)rows * (size + 100)));
            }

            if (size == 0)
            {
                return;
            }
        }
    }

    private void OverwriteVectors(NpgsqlConnection connection)
    {
        // All rows are of one size, so one size of zeros fits. A zero vector has no cosine: the HNSW index does not take it in.
        FillUp(connection, "vectors");
        long before = Size(connection, "vectors"), number = 0;
        int rows = Math.Clamp(BytesAtOnce / (embeddingSize * sizeof(float)), 4, 400);
        while (Size(connection, "vectors") == before && number * embeddingSize * sizeof(float) < Most)
        {
            Sql.RunLong(
                connection,
                $"""
                INSERT INTO {_s}vectors (template_id, subject_id, embedding)
                SELECT -g, 0, array_fill(0::real, ARRAY[$3::int])::{VectorTable.TypeOf(embeddingSize)} FROM generate_series($1::bigint, $2::bigint) g
                """,
                number + 1,
                number + rows,
                embeddingSize);
            number += rows;
        }
    }

    /// <summary>
    /// Lets this transaction use the last bytes of each page, which other writers leave free (<see cref="GalleryTables.FillFactor"/>): PostgreSQL
    /// looks for room in steps of 32 bytes and would pass over a hole that is just as large as the row.
    /// </summary>
    private void FillUp(NpgsqlConnection connection, string table) => Sql.Run(connection, $"ALTER TABLE {_s}{table} SET (fillfactor = 100)");

    private long Size(NpgsqlConnection connection, string table) => (long)(Sql.Value(connection, $"SELECT pg_relation_size('{_s}{table}')") ?? 0L);

    /// <summary>Has the server write its pages to the disk now rather than in some minutes, where the user may ask for that (pg_checkpoint).</summary>
    private static void Flush(NpgsqlConnection connection)
    {
        try
        {
            Sql.RunLong(connection, "CHECKPOINT");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            // The server does it by itself within checkpoint_timeout.
        }
    }
}
