using Microsoft.Data.Sqlite;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Sqlite.Tests;

/// <summary>Files written by the first version of the schema.</summary>
public sealed class SchemaVersionTests : IDisposable
{
    private static readonly GalleryModel Model = new("aa11bb22cc33dd44", "tiny", "arcface", 4);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("semblance-schema-");

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public void An_older_file_is_brought_up_to_date_and_keeps_everything()
    {
        string path = WriteVersionOne();
        using (var gallery = SqliteGallery.OpenExisting(path, Model))
        {
            Assert.Equal((2, 3), (gallery.Describe().Subjects, gallery.Describe().Templates));
            Assert.Equal([1f, 0, 0, 0], gallery.ReadTemplates().First().Embedding);
            Assert.Equal("bob", gallery.Search([0, 1, 0, 0], 1, 1)[0][0].Subject);
            gallery.Update("ann", new SubjectDetails { ExternalId = "7" });
            Assert.Equal(1, gallery.Enrol([new NewTemplate("carl", [0, 0, 1, 0], "c.jpg", new byte[32])]).Added);
            Assert.Equal("carl", gallery.Search([0, 0, 1, 0], 1, 1)[0][0].Subject);
        }

        Assert.Equal("2", Text(path, "SELECT value FROM meta WHERE key = 'schema_version'"));
        Assert.Equal("ok", Text(path, "PRAGMA integrity_check"));
        using var again = SqliteGallery.OpenExisting(path, Model);
        Assert.Equal("ann", again.FindExternal("7")?.Name);
    }

    [Fact]
    public void An_older_file_has_the_same_tables_afterwards_as_a_new_one()
    {
        string old = WriteVersionOne();
        string young = Path.Combine(_folder.FullName, "new.db");
        SqliteGallery.OpenExisting(old, Model).Dispose();
        SqliteGallery.Open(young, Model).Dispose();
        const string Schema = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name)";
        Assert.Equal(Text(young, Schema), Text(old, Schema));
        const string Keys = "SELECT group_concat(key) FROM (SELECT key FROM meta ORDER BY key)";
        Assert.Equal(Text(young, Keys), Text(old, Keys));
    }

    [Fact]
    public void An_older_file_is_read_as_it_is_where_it_may_only_be_read()
    {
        string path = WriteVersionOne();
        byte[] before = File.ReadAllBytes(path);
        using (var gallery = SqliteGallery.OpenExisting(path, Model, new GalleryOptions { ReadOnly = true }))
        {
            Assert.Equal(["ann", "bob"], gallery.List().Select(s => s.Name));
            Assert.Equal("bob", gallery.Search([0, 1, 0, 0], 1, 1)[0][0].Subject);
            Assert.Null(gallery.Find("ann")!.Expires);
            Assert.Null(gallery.FindExternal("7"));
            Assert.Null(gallery.Settings.Threshold);
            Assert.False(gallery.IsEncrypted);
            Assert.Equal(3, gallery.ReadTemplates().Count());
        }

        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void Two_that_open_an_older_file_at_once_bring_it_up_to_date_once()
    {
        string path = WriteVersionOne();
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            using var gallery = SqliteGallery.OpenExisting(path, Model);
            Assert.Equal(3, gallery.ReadTemplates().Count());
        });
        Assert.Equal("2", Text(path, "SELECT value FROM meta WHERE key = 'schema_version'"));
    }

    [Theory]
    [InlineData("3", "has schema 3, this program reads up to 2; update Semblance")]
    [InlineData("0", "'schema_version' is '0'")]
    [InlineData("two", "'schema_version' is 'two'")]
    public void A_version_that_is_none_of_ours_is_refused_and_the_file_left_alone(string version, string message)
    {
        string path = WriteVersionOne();
        Text(path, $"UPDATE meta SET value = '{version}' WHERE key = 'schema_version' RETURNING value");
        byte[] before = File.ReadAllBytes(path);
        Assert.Contains(message, Assert.Throws<SemblanceException>(() => SqliteGallery.Open(path, Model)).Message);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    /// <summary>The tables as the first version made them; not by the program's own text, which may change.</summary>
    private string WriteVersionOne()
    {
        string path = Path.Combine(_folder.FullName, "old.db");
        using SqliteConnection connection = RawDatabase.Open(path);
        RawDatabase.Run(connection, """
            PRAGMA page_size = 16384;
            PRAGMA application_id = 1399156066;
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
            INSERT INTO meta VALUES ('schema_version', '1'), ('model_fingerprint', 'aa11bb22cc33dd44'), ('backbone', 'tiny'), ('loss', 'arcface'),
                ('embedding_size', '4'), ('created', '2026-01-02T03:04:05.0000000Z');
            INSERT INTO subjects (name, created) VALUES ('ann', '2026-01-02T03:04:05.0000000Z'), ('bob', '2026-01-02T03:04:05.0000000Z');
            """);
        (string Subject, float[] Embedding)[] faces = [("ann", [1, 0, 0, 0]), ("bob", [0, 1, 0, 0]), ("ann", [0.9f, 0, 0, 0.1f])];
        for (int i = 0; i < faces.Length; i++)
        {
            byte[] floats = [.. faces[i].Embedding.SelectMany(BitConverter.GetBytes)];
            uint crc = uint.MaxValue;
            for (int at = 0; at < floats.Length; at += 4)
            {
                crc = System.Numerics.BitOperations.Crc32C(crc, BitConverter.ToUInt32(floats, at));
            }

            RawDatabase.Run(connection, $"""
                INSERT INTO templates (subject_id, embedding, source, digest, created)
                SELECT id, x'{Convert.ToHexString([.. floats, .. BitConverter.GetBytes(~crc)])}', 'f{i}.jpg', x'{new string((char)('1' + i), 64)}', '2026-01-02T03:04:05.0000000Z'
                FROM subjects WHERE name = '{faces[i].Subject}'
                """);
        }

        return path;
    }

    private static string? Text(string path, string sql)
    {
        using SqliteConnection connection = RawDatabase.Open(path);
        return RawDatabase.Scalar(connection, sql)?.ToString();
    }
}
