using Microsoft.Data.Sqlite;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Sqlite;

/// <summary>The tables of a gallery file, version 2, and the way there from version 1.</summary>
internal static class GallerySchema
{
    public const int Version = 2;

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

    // A new gallery takes the same step as an old one, so there is one shape of version 2.
    private const string FromOneToTwo = """
        ALTER TABLE subjects ADD COLUMN external_id TEXT;
        ALTER TABLE subjects ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE subjects ADD COLUMN last_seen TEXT;
        ALTER TABLE subjects ADD COLUMN expires TEXT;
        ALTER TABLE subjects ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
        CREATE UNIQUE INDEX subjects_external_id ON subjects (external_id) WHERE external_id IS NOT NULL;
        CREATE INDEX subjects_expires ON subjects (expires) WHERE expires IS NOT NULL;
        CREATE INDEX subjects_changed ON subjects (changed);
        INSERT INTO meta (key, value) VALUES ('revision', '0'), ('removals', '0'), ('metric', 'cosine');
        """;

    /// <summary>
    /// Makes version 1 look like version 2 to a connection that only reads: temporary views hide the tables of the same names. Ids rise with
    /// every template, and a removal changes their number, which is enough to see changes by.
    /// </summary>
    public const string VersionOneAsTwo = """
        PRAGMA temp_store = MEMORY;
        CREATE TEMP VIEW subjects AS SELECT
            s.id, s.name, s.created, NULL AS external_id, '{}' AS metadata, NULL AS last_seen, NULL AS expires,
            (SELECT max(t.id) FROM main.templates t WHERE t.subject_id = s.id) AS changed
            FROM main.subjects s;
        CREATE TEMP VIEW meta AS SELECT key, value FROM main.meta
            UNION ALL SELECT 'revision', CAST(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'templates'), 0) AS TEXT)
            UNION ALL SELECT 'removals', CAST(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'templates'), 0)
                - (SELECT count(*) FROM main.templates) AS TEXT);
        """;

    /// <summary>Whether the database has no tables at all.</summary>
    public static bool IsMissing(SqliteConnection connection) => Sql.Number(connection, null, "SELECT count(*) FROM sqlite_schema") == 0;

    /// <summary>Creates the tables in an empty database; leaves one that has tables as it is.</summary>
    public static void CreateIfEmpty(SqliteConnection connection, GalleryModel model, TemplateKeyRing? keys, DateTimeOffset now)
    {
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        if (Sql.Number(connection, transaction, "SELECT count(*) FROM sqlite_schema") == 0)
        {
            Sql.Execute(connection, transaction, Tables);
            Sql.Execute(connection, transaction, FromOneToTwo);
            Sql.Execute(connection, transaction, $"PRAGMA application_id = {ApplicationId}");
            GalleryMeta.Create(transaction, model, keys, now);
        }

        transaction.Commit();
    }

    /// <summary>The version of the file's tables.</summary>
    /// <exception cref="SemblanceException">The database is no gallery, or one of a newer program.</exception>
    public static int Recognise(SqliteConnection connection, string path)
    {
        if (Sql.Number(connection, null, "PRAGMA application_id") != ApplicationId)
        {
            throw new SemblanceException(IsMissing(connection)
                ? $"{path} is no gallery: it is an empty database."
                : $"{path} is no gallery: it is a SQLite database of another program.");
        }

        int version = GalleryMeta.Read(connection, null, path).SchemaVersion;
        return version <= Version
            ? version
            : throw new SemblanceException($"gallery {path} has schema {version}, this program reads up to {Version}; update Semblance.");
    }

    /// <summary>Brings older tables to the present version in one transaction: afterwards the file is wholly new or wholly as before.</summary>
    public static void Migrate(SqliteConnection connection, string path)
    {
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        // Another process may have been faster.
        if (GalleryMeta.Read(connection, transaction, path).SchemaVersion == 1)
        {
            Sql.Execute(connection, transaction, FromOneToTwo);
            GalleryMeta.Write(transaction, "schema_version", "2");
        }

        transaction.Commit();
    }
}
