using Microsoft.Data.Sqlite;
using Semblance.Galleries.Contract;
using Semblance.Models;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Sqlite.Tests;

public sealed partial class SqliteGalleryTests : GalleryContractTests, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("semblance-gallery-");
    private int _created;

    public void Dispose() => _folder.Delete(recursive: true);

    protected override IGallery Create(ModelCard card, GalleryOptions? options = null) =>
        SqliteGallery.Open(In($"new-{Interlocked.Increment(ref _created)}.db"), card, options);

    protected override IGallery Reopen(IGallery gallery, GalleryOptions? options = null) => SqliteGallery.OpenExisting(gallery.Location, gallery.Model, options);

    [Fact]
    public void A_gallery_outlives_its_process()
    {
        string path = In("g.db");
        Fill(path, Face("ann", 1), Face("bob", 2));
        using var again = SqliteGallery.OpenExisting(path, Card);
        Assert.Equal(["ann", "bob"], again.List().Select(s => s.Name));
    }

    [Fact]
    public void What_was_acknowledged_survives_a_kill_at_any_later_moment()
    {
        // A killed process leaves the database and its log as they were at that moment; so the files are copied while the gallery is open.
        string path = In("live.db");
        using var gallery = SqliteGallery.Open(path, Card);
        for (int i = 0; i < 20; i++)
        {
            gallery.Enrol([Face("ann", i)]);
            string copy = In($"killed-{i}.db");
            File.Copy(path, copy);
            File.Copy(path + "-wal", copy + "-wal");
            using var recovered = SqliteGallery.OpenExisting(copy, Card);
            Assert.Equal(i + 1, recovered.Describe().Templates);
            Assert.Equal(Face("ann", i).Embedding, recovered.ReadTemplates().Last().Embedding);
        }
    }

    [Fact]
    public void A_log_cut_anywhere_loses_whole_batches_only()
    {
        string path = In("live.db");
        using var gallery = SqliteGallery.Open(path, Card);
        for (int batch = 0; batch < 6; batch++)
        {
            gallery.Enrol([.. Enumerable.Range(10 * batch, 10).Select(i => Face("ann", i))]);
        }

        byte[] log = File.ReadAllBytes(path + "-wal");
        long last = 0;
        for (int cut = 0; cut <= log.Length; cut += 7919)
        {
            string copy = In($"cut-{cut}.db");
            File.Copy(path, copy);
            File.WriteAllBytes(copy + "-wal", log[..cut]);
            try
            {
                using var recovered = SqliteGallery.OpenExisting(copy, Card);
                long templates = recovered.Describe().Templates;
                Assert.Equal(0, templates % 10);
                Assert.True(templates >= last);
                last = templates;
            }
            catch (SemblanceException e)
            {
                // Before the first checkpoint the tables themselves are in the log.
                Assert.Equal(0, last);
                Assert.Contains("is no gallery", e.Message);
            }
        }

        Assert.True(last >= 50);
    }

    [Fact]
    public void The_file_is_a_sound_database_with_a_write_ahead_log()
    {
        string path = In("g.db");
        Fill(path, Face("ann", 1));
        using SqliteConnection raw = RawDatabase.Open(path);
        Assert.Equal("wal", RawDatabase.Scalar(raw, "PRAGMA journal_mode"));
        Assert.Equal("2", RawDatabase.Scalar(raw, "SELECT value FROM meta WHERE key = 'schema_version'"));
        Assert.Equal("ok", RawDatabase.Scalar(raw, "PRAGMA integrity_check"));
    }

    [Fact]
    public void A_file_is_little_larger_than_its_embeddings()
    {
        string path = In("g.db");
        const int Faces = 1000, Large = 512;
        using (var gallery = SqliteGallery.Open(path, CardOf("00ff", Large)))
        {
            gallery.Enrol([.. Enumerable.Range(0, Faces).Select(i => Face("ann", i) with { Embedding = [.. Enumerable.Repeat(1f, Large)] })]);
        }

        Assert.InRange(new FileInfo(path).Length, Faces * Large * sizeof(float), Faces * Large * sizeof(float) * 5 / 4);
    }

    [Fact]
    public void Another_model_is_refused_and_both_are_named()
    {
        string path = In("g.db");
        Fill(path, Face("ann", 1));
        string message = Failure(() => SqliteGallery.Open(path, CardOf("ffeeddccbbaa9988")));
        Assert.Equal(
            $"gallery {path} was made with model aa11bb22cc33 (tiny, arcface, 4-d), this model is ffeeddccbbaa (tiny, arcface, 4-d): re-enrol or use that model.",
            message);
        Assert.Contains("8-d", Failure(() => SqliteGallery.OpenExisting(path, CardOf(Card.ModelFingerprint, 8))));
    }

    [Fact]
    public void A_gallery_is_looked_into_without_a_model()
    {
        string path = In("g.db");
        Fill(path, Face("ann", 1));
        using var gallery = SqliteGallery.OpenExisting(path, options: new GalleryOptions { ReadOnly = true });
        Assert.Equal(GalleryModel.Of(Card), gallery.Model);
        Assert.Equal("ann", Assert.Single(gallery.List()).Name);
        Assert.Contains("opened for reading only", Failure(() => gallery.Enrol([Face("bob", 2)])));
        Assert.Contains("opened for reading only", Failure(() => gallery.Remove("ann")));
    }

    [Fact]
    public void A_missing_gallery_is_not_made_by_looking()
    {
        string path = In("none.db");
        Assert.Contains("is missing", Failure(() => SqliteGallery.OpenExisting(path, Card)));
        Assert.Contains("is missing", Failure(() => SqliteGallery.Open(path, Card, new GalleryOptions { ReadOnly = true })));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_folder_is_made_where_it_is_missing()
    {
        string path = Path.Combine(_folder.FullName, "deep", "er", "g.db");
        Fill(path, Face("ann", 1));
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void An_unusable_path_is_explained()
    {
        Assert.Contains("is a folder", Failure(() => SqliteGallery.OpenExisting(_folder.FullName, Card)));
        Assert.StartsWith("gallery /proc/semblance.db", Failure(() => SqliteGallery.Open("/proc/semblance.db", Card)));
        File.WriteAllText(In("file"), "x");
        Assert.Contains("cannot be made", Failure(() => SqliteGallery.Open(In("file/g.db"), Card)));
    }

    [Theory]
    [InlineData("this is no database")]
    [InlineData("SQLite format 3\0but then nothing of the kind follows, for more than a hundred bytes, so that the header is read as one and found wanting")]
    public void A_file_that_is_no_database_is_refused(string content)
    {
        string path = In("text.db");
        File.WriteAllText(path, content);
        Assert.Contains("no gallery", Failure(() => SqliteGallery.Open(path, Card)));
        Assert.Equal(content, File.ReadAllText(path));
    }

    [Fact]
    public void A_database_of_another_program_is_refused_and_left_alone()
    {
        string path = In("other.db");
        using (SqliteConnection raw = RawDatabase.Open(path))
        {
            RawDatabase.Run(raw, "CREATE TABLE invoices (id INTEGER); INSERT INTO invoices VALUES (1)");
        }

        Assert.Contains("database of another program", Failure(() => SqliteGallery.Open(path, Card)));
        using SqliteConnection after = RawDatabase.Open(path);
        Assert.Equal(1L, RawDatabase.Scalar(after, "SELECT count(*) FROM sqlite_schema"));
        Assert.Equal("delete", RawDatabase.Scalar(after, "PRAGMA journal_mode"));
    }

    [Fact]
    public void A_gallery_whose_making_was_broken_off_is_made_again()
    {
        string path = In("g.db");
        using (SqliteConnection raw = RawDatabase.Open(path))
        {
            RawDatabase.Run(raw, "PRAGMA journal_mode = WAL");
        }

        Assert.True(new FileInfo(path).Length > 0);
        Fill(path, Face("ann", 1));
        using var gallery = SqliteGallery.OpenExisting(path, Card);
        Assert.Equal(1, gallery.Describe().Templates);
    }

    [Fact]
    public void A_gallery_of_a_newer_program_is_refused()
    {
        string path = In("g.db");
        Fill(path, Face("ann", 1));
        using (SqliteConnection raw = RawDatabase.Open(path))
        {
            RawDatabase.Run(raw, "UPDATE meta SET value = '3' WHERE key = 'schema_version'");
        }

        Assert.Contains("has schema 3, this program reads up to 2", Failure(() => SqliteGallery.Open(path, Card)));
    }

    [Fact]
    public void A_locked_gallery_says_so()
    {
        string path = In("g.db");
        Fill(path, Face("ann", 1));
        using var gallery = SqliteGallery.Open(path, Card, new GalleryOptions { BusyTimeoutSeconds = 1 });
        using SqliteConnection other = RawDatabase.Open(path);
        RawDatabase.Run(other, "BEGIN IMMEDIATE");
        Assert.Contains("is locked by another process", Failure(() => gallery.Enrol([Face("bob", 2)])));
        Assert.Single(gallery.List());
        RawDatabase.Run(other, "ROLLBACK");
        Assert.Equal(1, gallery.Enrol([Face("bob", 2)]).Added);
    }

    [Fact]
    public async Task A_writer_waits_for_its_turn()
    {
        string path = In("g.db");
        using var gallery = SqliteGallery.Open(path, Card);
        gallery.Enrol([Face("zed", 9)]);
        gallery.Remove("zed");
        using SqliteConnection other = RawDatabase.Open(path);
        RawDatabase.Run(other, "BEGIN IMMEDIATE");
        Task<EnrolmentOutcome> enrolment = Task.Run(() => gallery.Enrol([Face("ann", 1)]));
        Assert.NotSame(enrolment, await Task.WhenAny(enrolment, Task.Delay(300)));
        RawDatabase.Run(other, "COMMIT");
        Assert.Equal(1, (await enrolment).Added);
    }

    [Fact]
    public void Damage_to_an_embedding_is_found()
    {
        string path = In("g.db");
        Fill(path, Face("ann", 1), Face("bob", 2));
        byte[] needle = Bytes(Face("bob", 2));
        byte[] file = File.ReadAllBytes(path);
        int at = file.AsSpan().IndexOf(needle);
        Assert.True(at > 0);
        file[at + 1] ^= 1;
        File.WriteAllBytes(path, file);
        using var gallery = SqliteGallery.OpenExisting(path, Card);
        Assert.Contains("template 2 of 'bob' fails its checksum", Failure(() => gallery.LoadIndex()));
        Assert.Equal(1, gallery.Remove("bob"));
        Assert.Equal(1, gallery.LoadIndex().TemplateCount);
    }

    [Fact]
    public void A_file_cut_short_is_found()
    {
        string path = In("g.db");
        Fill(path, [.. Enumerable.Range(0, 2000).Select(i => Face($"s{i}", i))]);
        byte[] file = File.ReadAllBytes(path);
        foreach (double share in (double[])[0.1, 0.5, 0.9])
        {
            File.WriteAllBytes(path, file[..(int)(file.Length * share)]);
            string message = Failure(() =>
            {
                using var gallery = SqliteGallery.OpenExisting(path, Card);
                gallery.LoadIndex();
            });
            Assert.Contains("is damaged", message);
        }
    }

    [Fact]
    public void A_damaged_expiry_is_no_expiry_to_go_by()
    {
        string path = In("g.db");
        Fill(path, Face("ann", 1));
        using (SqliteConnection raw = RawDatabase.Open(path))
        {
            RawDatabase.Run(raw, "UPDATE subjects SET expires = 'soon'");
        }

        using var gallery = SqliteGallery.OpenExisting(path, Card);
        Assert.Contains("the expiry of 'ann' is no time", Failure(() => gallery.Search([1, 0, 0, 0], 1, 1)));
        gallery.Update("ann", new SubjectDetails { Expires = DateTimeOffset.MaxValue });
        Assert.Equal("ann", gallery.Search([1, 0, 0, 0], 1, 1)[0][0].Subject);
    }

    [Fact]
    public void A_busy_timeout_out_of_range_is_a_usage_error() => Assert.Throws<UsageException>(
        () => SqliteGallery.Open(In("g.db"), Card, new GalleryOptions { BusyTimeoutSeconds = 0 }));

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private static void Fill(string path, params NewTemplate[] faces)
    {
        using var gallery = SqliteGallery.Open(path, Card);
        gallery.Enrol(faces);
    }

    private static string Failure(Action action) => Assert.Throws<SemblanceException>(action).Message;
}
