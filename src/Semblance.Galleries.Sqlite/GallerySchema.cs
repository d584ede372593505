using System.Globalization;
using Microsoft.Data.Sqlite;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Sqlite;

/// <summary>The tables of a gallery file, version 1, and the rows of table meta that say whose embeddings it holds.</summary>
internal static class GallerySchema
{
    public const int Version = 1;

    // "Semb": tells a gallery from any other SQLite database (PRAGMA application_id).
    private const int ApplicationId = 0x53656D62;

    private const string Tables = """
        CREATE TABLE meta (
            key TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE subjects (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            created TEXT NOT NULL
        ) STRICT;
        CREATE TABLE templates (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            subject_id INTEGER NOT NULL REFERENCES subjects (id) ON DELETE CASCADE,
            embedding BLOB NOT NULL,
            source TEXT NOT NULL,
            digest BLOB NOT NULL CHECK (length(digest) = 32),
            created TEXT NOT NULL,
            UNIQUE (subject_id, digest)
        ) STRICT;
        """;

    /// <summary>Creates the tables in an empty database; leaves one that has tables as it is.</summary>
    public static void CreateIfEmpty(SqliteConnection connection, GalleryModel model)
    {
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        if (Scalar(connection, transaction, "SELECT count(*) FROM sqlite_schema") == 0)
        {
            Execute(connection, transaction, Tables);
            Execute(connection, transaction, $"PRAGMA application_id = {ApplicationId}");
            WriteMeta(connection, transaction, "schema_version", Version.ToString(CultureInfo.InvariantCulture));
            WriteMeta(connection, transaction, "model_fingerprint", model.Fingerprint);
            WriteMeta(connection, transaction, "backbone", model.Backbone);
            WriteMeta(connection, transaction, "loss", model.Loss);
            WriteMeta(connection, transaction, "embedding_size", model.EmbeddingSize.ToString(CultureInfo.InvariantCulture));
            WriteMeta(connection, transaction, "created", Timestamp.Write(DateTimeOffset.UtcNow));
        }

        transaction.Commit();
    }

    /// <summary>Reads whose embeddings the gallery holds and when it was made.</summary>
    /// <exception cref="SemblanceException">The database is no gallery, or one of a newer program.</exception>
    public static (GalleryModel Model, DateTimeOffset Created) Read(SqliteConnection connection, string path)
    {
        if (Scalar(connection, null, "PRAGMA application_id") != ApplicationId)
        {
            throw new SemblanceException($"{path} is no gallery: it is a SQLite database of another program.");
        }

        var meta = new Dictionary<string, string>(StringComparer.Ordinal);
        using (SqliteCommand command = connection.CreateCommand())
        {
            command.CommandText = "SELECT key, value FROM meta";
            using SqliteDataReader reader = command.ExecuteReader();
            while (reader.Read())
            {
                meta[reader.GetString(0)] = reader.GetString(1);
            }
        }

        int version = Number("schema_version");
        if (version > Version)
        {
            throw new SemblanceException($"gallery {path} has schema {version}, this program reads up to {Version}; update Semblance.");
        }

        return (new GalleryModel(Text("model_fingerprint"), Text("backbone"), Text("loss"), Number("embedding_size")), Timestamp.Read(Text("created")));

        string Text(string key) => meta.TryGetValue(key, out string? value)
            ? value
            : throw new SemblanceException($"gallery {path} is damaged: its table meta has no '{key}'.");

        int Number(string key) => int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
            ? value
            : throw new SemblanceException($"gallery {path} is damaged: '{key}' is '{Text(key)}' in its table meta.");
    }

    private static void WriteMeta(SqliteConnection connection, SqliteTransaction transaction, string key, string value)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO meta (key, value) VALUES ($key, $value)";
        command.Parameters.AddWithValue("$key", key);
        command.Parameters.AddWithValue("$value", value);
        command.ExecuteNonQuery();
    }

    private static void Execute(SqliteConnection connection, SqliteTransaction transaction, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long Scalar(SqliteConnection connection, SqliteTransaction? transaction, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
