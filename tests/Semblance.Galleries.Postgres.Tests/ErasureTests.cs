using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
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

    /// <param name="size">Floats: few, the usual, some whose pages are filled to the last bytes, beyond a row of templates, beyond a row of vectors.</param>
    [Theory]
    [InlineData(64)]
    [InlineData(512)]
    [InlineData(1005)]
    [InlineData(2100)]
    [InlineData(4100)]
    public void Removed_people_leave_tables_and_indexes(int size)
    {
        PostgresLocation location = server.NewGallery("&m=8&ef_construction=32");
        Assert.SkipWhen(server.Folder is null, "The server's files are not here.");
        NewTemplate[] people = [.. Enumerable.Range(0, 120).Select(i => Faces.Template(Name(i / 3), Faces.Embedding(First + (size * 1000) + i, size), $"{i}.jpg"))];
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model(size));
        gallery.Enrol(people, Cancel);
        Run(location, $"ANALYZE {location.Schema}.subjects", $"ANALYZE {location.Schema}.templates", $"ANALYZE {location.Schema}.vectors", "CHECKPOINT");
        NewTemplate[] removed = [.. people.Where(t => t.Subject == Name(3) || t.Subject == Name(20) || t.Subject == Name(39))];
        byte[][] bytes =
        [
            .. removed.Select(t => MemoryMarshal.AsBytes<float>(t.Embedding).ToArray()),
            .. removed.Select(t => Encoding.UTF8.GetBytes(t.Subject)),
            .. removed.Select(t => Unit(t.Embedding)),
        ];
        Assert.Equal(9, removed.Length);
        Assert.All(Traces(server.Folder!, bytes).Take(size <= 2000 ? 27 : 18), found => Assert.NotEqual(0, found));
        Assert.Equal(3, gallery.Remove(Name(3)));
        gallery.Update(Name(20), new SubjectDetails { Expires = DateTimeOffset.UtcNow.AddDays(-1) });
        gallery.Update(Name(39), new SubjectDetails { Expires = DateTimeOffset.UtcNow.AddDays(-1) });
        Assert.Equal([Name(20), Name(39)], gallery.RemoveExpired(DateTimeOffset.UtcNow));
        Assert.All(Traces(server.Folder!, bytes), found => Assert.Equal(0, found));
        Assert.NotEqual([0], Traces(server.Folder!, Encoding.UTF8.GetBytes(Name(21))));
        Assert.Equal(111, gallery.ReadTemplates(Cancel).Count());
        Assert.Equal(Name(21), gallery.Search(people[64].Embedding, 1, 1, null, Cancel)[0][0].Subject);

        string Name(int i) => $"A person with a name of 64 letters, to be looked for: {size:0000} {i:0000}.";
    }

    [Fact]
    public void A_user_who_does_not_own_the_tables_is_told_that_traces_stay()
    {
        PostgresLocation location = native.NewGallery();
        var options = new GalleryOptions { Keys = Faces.NewKey() };
        using PostgresGallery owner = PostgresGallery.Open(location, Faces.Model(), options);
        owner.Enrol(Faces.People(5), Cancel);
        string role = "clerk_" + location.Gallery;
        using (NpgsqlConnection connection = native.Connect())
        {
            Sql.Run(connection, $"CREATE ROLE {role} LOGIN PASSWORD 'clerk'; GRANT USAGE ON SCHEMA {location.Schema} TO {role}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {location.Schema} TO {role}");
        }

        using PostgresGallery clerk = PostgresGallery.OpenExisting(native.Gallery(location.Gallery, role, "clerk"), options: options with { BusyTimeoutSeconds = 1 });
        Assert.Equal(1, clerk.Enrol(Faces.People(1, first: 9), Cancel).Added);
        string told = Assert.Throws<SemblanceException>(() => clerk.Remove("person 00003")).Message;
        Assert.StartsWith("the removal is stored, but not all traces could be erased yet", told, StringComparison.Ordinal);
        Assert.EndsWith("remove as the user who made the gallery.", told, StringComparison.Ordinal);
        Assert.Null(owner.Find("person 00003"));
        Assert.NotEqual(0L, Owed(location));
        Assert.Empty(owner.RemoveExpired(DateTimeOffset.UtcNow));
        Assert.Equal(0L, Owed(location));
    }

    [Theory]
    [InlineData(512)]
    [InlineData(2100)]
    public void Removed_faces_leave_the_files_of_a_server_of_many_sessions(int size)
    {
        // Encrypted, as this server may lack pgvector: what is looked for is the ciphertext.
        PostgresLocation location = native.NewGallery();
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model(size), new GalleryOptions { Keys = Faces.NewKey() });
        gallery.Enrol([.. Enumerable.Range(0, 240).Select(i => Faces.Template($"person {i / 3}", Faces.Embedding(i, size), $"{i}.jpg"))], Cancel);
        byte[][] removed = Blobs(location, "person 40");
        Assert.Equal(3, removed.Length);
        Flush(location);
        Assert.All(Traces(Path.Combine(native.Folder, "data"), removed), found => Assert.NotEqual(0, found));
        gallery.Remove("person 40");
        Assert.All(Traces(Path.Combine(native.Folder, "data"), removed), found => Assert.Equal(0, found));
    }

    [Fact]
    public void An_encrypted_gallery_keeps_nothing_of_the_time_when_it_was_in_the_clear()
    {
        PostgresLocation location = server.NewGallery("&m=8&ef_construction=32");
        Assert.SkipWhen(server.Folder is null, "The server's files are not here.");
        NewTemplate[] people = Faces.People(60, Size, first: Second);
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model(Size));
        gallery.Enrol(people, Cancel);
        var keys = Faces.NewKey();
        Assert.False(gallery.IsEncrypted);
        Assert.Equal(60, gallery.ChangeKeys(keys, cancellationToken: Cancel));
        Assert.True(gallery.IsEncrypted);
        byte[][] bytes = [.. people.Select(t => MemoryMarshal.AsBytes<float>(t.Embedding).ToArray()), .. people.Select(t => Unit(t.Embedding))];
        Assert.All(Traces(server.Folder!, bytes), found => Assert.Equal(0, found));
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
        var options = new GalleryOptions { Keys = Faces.NewKey() };
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
        using PostgresGallery gallery = PostgresGallery.Open(location, Faces.Model(Size), new GalleryOptions { Keys = Faces.NewKey(), BusyTimeoutSeconds = 3 });
        gallery.Enrol(Faces.People(30, Size), Cancel);
        byte[] removed = Blobs(location, "person 00007").Single();

        // A transaction that began before keeps VACUUM from freeing the rows.
        using (NpgsqlConnection other = native.Connect())
        {
            using NpgsqlTransaction transaction = other.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
            Sql.Value(other, "SELECT 1");
            gallery.Remove("person 00007");
            Assert.NotEqual([0], Traces(Path.Combine(native.Folder, "data"), removed));
        }

        Assert.Empty(gallery.RemoveExpired(DateTimeOffset.UtcNow));
        Assert.Equal([0], Traces(Path.Combine(native.Folder, "data"), removed));
    }

    private static byte[] Unit(float[] embedding) => MemoryMarshal.AsBytes(UnitVector.Of(embedding).Memory.Span).ToArray();

    private static byte[][] Blobs(PostgresLocation location, string subject)
    {
        using var session = new PostgresSession(location, new GalleryOptions());
        return session.Read(connection => (byte[][])Sql.Value(
            connection, $"SELECT array_agg(t.template) FROM {location.Schema}.templates t JOIN {location.Schema}.subjects s ON s.id = t.subject_id WHERE s.name = $1", subject)!);
    }

    private static void Flush(PostgresLocation location) => Run(location, "CHECKPOINT");

    private static void Run(PostgresLocation location, params string[] statements)
    {
        using var session = new PostgresSession(location, new GalleryOptions());
        session.Maintain(connection =>
        {
            foreach (string statement in statements)
            {
                Sql.Run(connection, statement);
            }
        });
    }

    private static long Owed(PostgresLocation location)
    {
        using var session = new PostgresSession(location, new GalleryOptions());
        return session.ReadState().ErasureOwed;
    }

    /// <summary>How many pieces of 64 bytes of each of some patterns are anywhere in the files of tables and indexes.</summary>
    private static int[] Traces(string folder, params byte[][] patterns)
    {
        int[] traces = new int[patterns.Length];
        var pieces = new Dictionary<ulong, List<(int Pattern, int At)>>();
        bool[] begins = new bool[1 << 16];
        for (int pattern = 0; pattern < patterns.Length; pattern++)
        {
            for (int at = 0; at + 64 <= patterns[pattern].Length; at += 64)
            {
                ulong start = BinaryPrimitives.ReadUInt64LittleEndian(patterns[pattern].AsSpan(at));
                begins[(ushort)start] = true;
                (CollectionsMarshal.GetValueRefOrAddDefault(pieces, start, out _) ??= []).Add((pattern, at));
            }
        }

        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, "base"), "*", SearchOption.AllDirectories))
        {
            ReadOnlySpan<byte> content = Content(file);
            for (int i = 0; i + 64 <= content.Length; i++)
            {
                ulong start = BinaryPrimitives.ReadUInt64LittleEndian(content[i..]);
                if (begins[(ushort)start] && pieces.TryGetValue(start, out List<(int Pattern, int At)>? candidates))
                {
                    foreach ((int pattern, int at) in candidates)
                    {
                        traces[pattern] += content.Slice(i, 64).SequenceEqual(patterns[pattern].AsSpan(at, 64)) ? 1 : 0;
                    }
                }
            }
        }

        return traces;
    }

    private static byte[] Content(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] content = new byte[stream.Length];
            return content[..stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)];
        }
        catch (IOException)
        {
            // A file of another test's table, dropped meanwhile.
            return [];
        }
    }
}
