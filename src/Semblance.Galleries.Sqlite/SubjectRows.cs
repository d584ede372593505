using Microsoft.Data.Sqlite;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Sqlite;

/// <summary>Reads and writes table subjects.</summary>
internal sealed class SubjectRows(string path)
{
    private const string Columns = """
        SELECT s.id, s.name, (SELECT count(*) FROM templates t WHERE t.subject_id = s.id), s.created, s.external_id, s.metadata, s.last_seen, s.expires
        FROM subjects s
        """;

    public GallerySubject? Find(SqliteConnection connection, string column, string value) =>
        Read(connection, null, $"{Columns} WHERE s.{column} = $value", "$value", value).FirstOrDefault();

    /// <summary>A page by name; SQLite compares text by its UTF-8 bytes.</summary>
    public List<GallerySubject> Page(SqliteConnection connection, string? after, int limit) =>
        [.. Read(connection, null, $"{Columns} WHERE s.name > $after ORDER BY s.name LIMIT {limit}", "$after", after ?? "")];

    /// <summary>The subjects that have changed since a revision.</summary>
    public IEnumerable<GallerySubject> ChangedSince(SqliteTransaction transaction, long revision) =>
        Read(transaction.Connection!, transaction, $"{Columns} WHERE s.changed > $revision", "$revision", revision);

    /// <summary>All subjects, without the number of their templates, which a search has no use for.</summary>
    public IEnumerable<GallerySubject> All(SqliteTransaction transaction) => Read(
        transaction.Connection!,
        transaction,
        "SELECT s.id, s.name, 0, s.created, s.external_id, s.metadata, s.last_seen, s.expires FROM subjects s WHERE $all",
        "$all",
        1);

    /// <summary>Names of subjects that have expired, in order.</summary>
    public static List<string> Expired(SqliteTransaction transaction, DateTimeOffset now)
    {
        var names = new List<string>();
        using SqliteCommand command = Sql.Command(transaction, "SELECT name FROM subjects WHERE expires <= $now ORDER BY name", "$now");
        using SqliteDataReader reader = command.With(Timestamp.Write(now)).ExecuteReader();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    /// <summary>Writes what is not null.</summary>
    /// <exception cref="UsageException">The external id is another subject's.</exception>
    public void Update(SqliteTransaction transaction, string subject, SubjectDetails details, long revision)
    {
        if (details.ExternalId is { Length: > 0 } id)
        {
            using SqliteCommand holder = Sql.Command(transaction, "SELECT name FROM subjects WHERE external_id = $id AND name <> $name", "$id", "$name");
            if (holder.With(id, subject).ExecuteScalar() is string other)
            {
                throw new UsageException($"gallery {path}: external id '{id}' is that of subject '{other}' already.");
            }
        }

        using SqliteCommand update = Sql.Command(
            transaction,
            """
            UPDATE subjects SET
                external_id = CASE WHEN $external IS NULL THEN external_id ELSE nullif($external, '') END,
                metadata = coalesce($metadata, metadata),
                expires = CASE WHEN $expires IS NULL THEN expires ELSE nullif($expires, '') END,
                last_seen = CASE WHEN $seen IS NULL OR last_seen >= $seen THEN last_seen ELSE $seen END,
                changed = $revision
            WHERE name = $name
            """,
            "$external", "$metadata", "$expires", "$seen", "$revision", "$name");
        update.Run(
            details.ExternalId,
            details.Metadata is { } metadata ? SubjectMetadata.ToJson(metadata) : null,
            details.Expires is { } expires ? expires == DateTimeOffset.MaxValue ? "" : Timestamp.Write(expires) : null,
            details.LastSeen is { } seen ? Timestamp.Write(seen) : null,
            revision,
            subject);
    }

    private IEnumerable<GallerySubject> Read(SqliteConnection connection, SqliteTransaction? transaction, string sql, string parameter, object value)
    {
        using SqliteCommand command = Sql.Command(connection, transaction, sql, parameter);
        using SqliteDataReader reader = command.With(value).ExecuteReader();
        while (reader.Read())
        {
            string metadata = reader.GetString(5);
            yield return new GallerySubject(reader.GetInt64(0), reader.GetString(1), reader.GetInt32(2), Timestamp.Read(reader.GetString(3)))
            {
                ExternalId = reader.IsDBNull(4) ? null : reader.GetString(4),
                Metadata = metadata == "{}" ? NoMetadata : SubjectMetadata.FromJson(metadata, path),
                LastSeen = reader.IsDBNull(6) ? null : Timestamp.Read(reader.GetString(6)),
                // An expiry is decided by, so a text that is no time must not pass for one.
                Expires = reader.IsDBNull(7) ? null : Timestamp.TryRead(reader.GetString(7))
                    ?? throw new SemblanceException($"gallery {path} is damaged: the expiry of '{reader.GetString(1)}' is no time; set it anew with 'semblance gallery set'."),
            };
        }
    }

    private static readonly IReadOnlyDictionary<string, string> NoMetadata = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;
}
