using System.Runtime.InteropServices;
using Npgsql;
using Semblance.Galleries.Postgres.Tests.Servers;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Postgres.Tests;

/// <summary>Looks for the bytes of removed faces in the server's files of tables and indexes.</summary>
public sealed class ErasureTests(VectorServer server, NativeServer native)
{
    private const int Size = 512;

    /// <summary>Numbers of faces that no other test here enrols: their files lie in the same folder.</summary>
    private const int First = 10_000_000, Second = 20_000_000, Third = 30_000_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Removed_faces_leave_tables_and_index()
    {
        PostgresLocation location = server.NewGallery("&m=8&ef_construction=32");
        Assert.SkipWhen(server.Folder is null, "The server's files are not here.");
        NewTemplate[] people = [.. Enumerable.Range(0, 240).Select(i => Faces.Template($"person {i / 3}", Faces.Embedding(First + i, Size), $"{i}.jpg"))];
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model(Size));
        gallery.Enrol(people, Cancel);
        float[][] removed = [.. people.Where(t => t.Subject is "person 3" or "person 40" or "person 79").Select(t => t.Embedding)];
        Flush(location);
        Assert.Equal(9, removed.Count(e => Traces(server.Folder!, MemoryMarshal.AsBytes<float>(e).ToArray()) > 0));
        Assert.Equal(9, removed.Count(e => Traces(server.Folder!, Unit(e)) > 0));
        Assert.Equal(3, gallery.Remove("person 3"));
        gallery.Update("person 40", new SubjectDetails { Expires = DateTimeOffset.UtcNow.AddDays(-1) });
        gallery.Update("person 79", new SubjectDetails { Expires = DateTimeOffset.UtcNow.AddDays(-1) });
        Assert.Equal(["person 40", "person 79"], gallery.RemoveExpired(DateTimeOffset.UtcNow));
        Assert.All(removed, e => Assert.Equal(0, Traces(server.Folder!, MemoryMarshal.AsBytes<float>(e).ToArray())));
        Assert.All(removed, e => Assert.Equal(0, Traces(server.Folder!, Unit(e))));
        Assert.Equal(231, gallery.ReadTemplates(Cancel).Count());
        Assert.Equal("person 41", gallery.Search(people[124].Embedding, 1, 1, null, Cancel)[0][0].Subject);
    }

    [Theory]
    [InlineData(512)]
    [InlineData(2100)]
    public void Removed_faces_leave_the_files_of_a_server_of_many_sessions(int size)
    {
        // Encrypted, as this server may lack pgvector: what is looked for is the ciphertext.
        PostgresLocation location = native.NewGallery();
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model(size), new GalleryOptions { Keys = TemplateKeyRing.Generate() });
        gallery.Enrol([.. Enumerable.Range(0, 240).Select(i => Faces.Template($"person {i / 3}", Faces.Embedding(i, size), $"{i}.jpg"))], Cancel);
        byte[][] removed = Blobs(location, "person 40");
        Assert.Equal(3, removed.Length);
        Flush(location);
        Assert.All(removed, blob => Assert.NotEqual(0, Traces(Path.Combine(native.Folder, "data"), blob)));
        gallery.Remove("person 40");
        Assert.All(removed, blob => Assert.Equal(0, Traces(Path.Combine(native.Folder, "data"), blob)));
    }

    [Fact]
    public void An_encrypted_gallery_keeps_nothing_of_the_time_when_it_was_in_the_clear()
    {
        PostgresLocation location = server.NewGallery("&m=8&ef_construction=32");
        Assert.SkipWhen(server.Folder is null, "The server's files are not here.");
        NewTemplate[] people = Faces.People(60, Size, first: Second);
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model(Size));
        gallery.Enrol(people, Cancel);
        var keys = TemplateKeyRing.Generate();
        Assert.False(gallery.IsEncrypted);
        Assert.Equal(60, gallery.ChangeKeys(keys, cancellationToken: Cancel));
        Assert.True(gallery.IsEncrypted);
        Assert.All(people, t => Assert.Equal(0, Traces(server.Folder!, MemoryMarshal.AsBytes<float>(t.Embedding).ToArray())));
        Assert.All(people, t => Assert.Equal(0, Traces(server.Folder!, Unit(t.Embedding))));
        Assert.Equal("person 20000007", gallery.Search(people[7].Embedding, 1, 1, null, Cancel)[0][0].Subject);

        // And back: the database searches again.
        Assert.Equal(60, gallery.ChangeKeys(null, cancellationToken: Cancel));
        Assert.False(gallery.IsEncrypted);
        Assert.Equal("person 20000007", gallery.Search(people[7].Embedding, 1, 1, null, Cancel)[0][0].Subject);
        Assert.Equal(people[7].Embedding, gallery.ReadTemplates(Cancel).ElementAt(7).Embedding);
        using PostgresGallery without = PostgresGallery.OpenExisting(location);
        Assert.Equal(60, without.Enrol(Faces.People(60, Size, first: Third), Cancel).Added);
        Assert.Equal("person 30000059", without.Search(Faces.Embedding(Third + 59, Size), 1, 1, null, Cancel)[0][0].Subject);
    }

    [Fact]
    public void A_gallery_that_was_encrypted_when_it_was_opened_learns_of_its_vectors()
    {
        PostgresLocation location = server.NewGallery();
        var options = new GalleryOptions { Keys = TemplateKeyRing.Generate() };
        using PostgresGallery one = PostgresGallery.Open(location, Faces.Model(), options);
        using PostgresGallery two = PostgresGallery.Open(location, Faces.Model(), options);
        one.Enrol(Faces.People(5), Cancel);
        Assert.Equal("person 00002", two.Search(Faces.Embedding(2), 1, 1, null, Cancel)[0][0].Subject);
        one.ChangeKeys(null, cancellationToken: Cancel);
        Assert.Equal(1, two.Enrol([Faces.Template("Zoe", Faces.Embedding(99))], Cancel).Added);
        Assert.Equal("Zoe", two.Search(Faces.Embedding(99), 1, 1, null, Cancel)[0][0].Subject);
        Assert.Equal("Zoe", one.Search(Faces.Embedding(99), 1, 1, null, Cancel)[0][0].Subject);
    }

    [Fact]
    public void What_a_removal_could_not_erase_the_next_one_erases()
    {
        PostgresLocation location = native.NewGallery();
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model(Size), new GalleryOptions { Keys = TemplateKeyRing.Generate(), BusyTimeoutSeconds = 3 });
        gallery.Enrol(Faces.People(30, Size), Cancel);
        byte[] removed = Blobs(location, "person 00007").Single();

        // A transaction that began before keeps VACUUM from freeing the rows.
        using (NpgsqlConnection other = native.Connect())
        {
            using NpgsqlTransaction transaction = other.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
            Sql.Value(other, "SELECT 1");
            gallery.Remove("person 00007");
            Assert.NotEqual(0, Traces(Path.Combine(native.Folder, "data"), removed));
        }

        Assert.Empty(gallery.RemoveExpired(DateTimeOffset.UtcNow));
        Assert.Equal(0, Traces(Path.Combine(native.Folder, "data"), removed));
    }

    private static byte[] Unit(float[] embedding) => MemoryMarshal.AsBytes(UnitVector.Of(embedding).Memory.Span).ToArray();

    private static byte[][] Blobs(PostgresLocation location, string subject)
    {
        using var session = new PostgresSession(location, new GalleryOptions());
        return session.Read(connection => (byte[][])Sql.Value(
            connection, $"SELECT array_agg(t.template) FROM {location.Schema}.templates t JOIN {location.Schema}.subjects s ON s.id = t.subject_id WHERE s.name = $1", subject)!);
    }

    private static void Flush(PostgresLocation location)
    {
        using var session = new PostgresSession(location, new GalleryOptions());
        session.Maintain(connection => Sql.Run(connection, "CHECKPOINT"));
    }

    /// <summary>How many pieces of 64 bytes of something are anywhere in the files of tables and indexes.</summary>
    private static int Traces(string folder, byte[] bytes)
    {
        int traces = 0;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, "base"), "*", SearchOption.AllDirectories))
        {
            byte[] content;
            try
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                content = new byte[stream.Length];
                content = content[..stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)];
            }
            catch (IOException)
            {
                // A file of another test's table, dropped meanwhile.
                continue;
            }

            for (int at = 0; at + 64 <= bytes.Length; at += 64)
            {
                traces += content.AsSpan().IndexOf(bytes.AsSpan(at, 64)) >= 0 ? 1 : 0;
            }
        }

        return traces;
    }
}
