using System.Collections.ObjectModel;
using Npgsql;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Postgres;

/// <summary>Reads and writes table subjects.</summary>
internal sealed class SubjectRows(PostgresLocation location)
{
    private static readonly IReadOnlyDictionary<string, string> NoMetadata = ReadOnlyDictionary<string, string>.Empty;

    private readonly string _table = location.Schema + ".subjects";

    private string Columns =>
        $"s.id, s.name, (SELECT count(*) FROM {location.Schema}.templates t WHERE t.subject_id = s.id), s.created, s.external_id, s.metadata::text, s.last_seen, s.expires";

    public GallerySubject? Find(NpgsqlConnection connection, string column, string value) =>
        Read(connection, $"SELECT {Columns} FROM {_table} s WHERE s.{column} = $1", value).FirstOrDefault();

    /// <summary>A page by name; the column's collation is that of UTF-8 bytes.</summary>
    public List<GallerySubject> Page(NpgsqlConnection connection, string? after, int limit) =>
        Read(connection, $"SELECT {Columns} FROM {_table} s WHERE s.name > $1 ORDER BY s.name LIMIT $2", after ?? "", (long)limit);

    /// <summary>All subjects that have changed since a revision (−1 for all), without the number of their templates, which a search has no use for.</summary>
    public List<GallerySubject> ChangedSince(NpgsqlConnection connection, long revision) => Read(
        connection,
        $"SELECT s.id, s.name, 0::bigint, s.created, s.external_id, s.metadata::text, s.last_seen, s.expires FROM {_table} s WHERE s.changed > $1",
        revision);

    /// <summary>The part of a transaction that writes what is not null.</summary>
    public NpgsqlBatchCommand Update(string subject, SubjectDetails details, long revision) => Sql.Part(
        $"""
        UPDATE {_table} SET
            external_id = CASE WHEN $2::text IS NULL THEN external_id ELSE nullif($2, '') END,
            metadata = coalesce($3, metadata),
            expires = CASE WHEN $4::bigint IS NULL THEN expires ELSE nullif($4, $5) END,
            last_seen = greatest(last_seen, $6),
            changed = $7
        WHERE name = $1
        """,
        subject,
        Sql.Text(details.ExternalId),
        Sql.Json(details.Metadata is { } metadata ? SubjectMetadata.ToJson(metadata) : null),
        Sql.Number(details.Expires is { } expires ? Ticks.Of(expires) : null),
        Ticks.Of(DateTimeOffset.MaxValue),
        Sql.Number(details.LastSeen is { } seen ? Ticks.Of(seen) : null),
        revision);

    /// <summary>Whether a failure means that an external id is another subject's.</summary>
    public static bool IsExternalIdTaken(PostgresException e) =>
        e.SqlState == PostgresErrorCodes.UniqueViolation && e.ConstraintName == "subjects_external_id";

    /// <summary>What to tell then.</summary>
    public UsageException ExternalIdTaken(NpgsqlConnection connection, IReadOnlyDictionary<string, string> wanted, PostgresException e)
    {
        using NpgsqlCommand command = Sql.Command(connection, $"SELECT external_id, name FROM {_table} WHERE external_id = ANY ($1)", Sql.Texts(wanted.Keys));
        using NpgsqlDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            string id = reader.GetString(0), holder = reader.GetString(1);
            if (wanted[id] != holder)
            {
                return new UsageException($"gallery {location}: external id '{id}' is that of subject '{holder}' already.", e);
            }
        }

        return new UsageException($"gallery {location}: two subjects are given the same external id.", e);
    }

    private List<GallerySubject> Read(NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        var subjects = new List<GallerySubject>();
        using NpgsqlCommand command = Sql.Command(connection, sql, values);
        using NpgsqlDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            string metadata = reader.GetString(5);
            subjects.Add(new GallerySubject(reader.GetInt64(0), reader.GetString(1), (int)reader.GetInt64(2), Ticks.ToTime(reader.GetInt64(3)))
            {
                ExternalId = reader.IsDBNull(4) ? null : reader.GetString(4),
                Metadata = metadata == "{}" ? NoMetadata : SubjectMetadata.FromJson(metadata, location.Display),
                LastSeen = reader.IsDBNull(6) ? null : Ticks.ToTime(reader.GetInt64(6)),
                Expires = reader.IsDBNull(7) ? null : Ticks.ToTime(reader.GetInt64(7)),
            });
        }

        return subjects;
    }
}
