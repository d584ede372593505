using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Sqlite.Tests;

/// <summary>What is left in the files' bytes: of those who were removed nothing, of encrypted templates nothing in the clear.</summary>
public sealed partial class SqliteGalleryTests
{
    [Fact]
    public void Removed_faces_are_gone_from_the_bytes_of_all_files()
    {
        string path = In("g.db");
        using var gallery = SqliteGallery.Open(path, Card);
        gallery.Enrol([.. Enumerable.Range(0, 300).Select(i => Face($"person{i % 3}", i))]);
        byte[] removed = Bytes(Face("person1", 1));
        byte[] kept = Bytes(Face("person0", 0));
        Assert.True(OnDisk(removed));
        gallery.Remove("person1");
        Assert.False(OnDisk(removed));
        Assert.False(OnDisk("person1"u8.ToArray()));
        Assert.True(OnDisk(kept));
    }

    [Fact]
    public void Bytes_go_also_when_the_file_was_full_of_moves_and_the_removed_had_expired()
    {
        string path = In("g.db");
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        using var gallery = SqliteGallery.Open(path, Card);
        var secret = new SubjectDetails { ExternalId = "secret-external", Metadata = new Dictionary<string, string> { ["note"] = "secret-metadata" }, Expires = now };
        for (int i = 0; i < 400; i++)
        {
            // Many small batches with names out of order: the trees are rebalanced all the time.
            gallery.Enrol([Face($"person{i * 37 % 100:000}", i) with { Details = i * 37 % 100 == 50 ? secret : null }]);
        }

        byte[][] gone = [.. gallery.ReadTemplates().Where(t => t.Subject == "person050").SelectMany(t => (byte[][])[FloatBytes(t.Embedding), t.Digest]),
            "person050"u8.ToArray(), "secret-external"u8.ToArray(), "secret-metadata"u8.ToArray()];
        Assert.All(gone, needle => Assert.True(OnDisk(needle)));
        Assert.Equal(["person050"], gallery.RemoveExpired(now));
        Assert.All(gone, needle => Assert.False(OnDisk(needle)));
        Assert.True(OnDisk("person051"u8.ToArray()));
    }

    [Fact]
    public void An_erasure_that_a_crash_kept_from_being_done_is_done_by_the_next_to_open_the_file()
    {
        string path = In("live.db");
        string copy = In("copy.db");
        NewTemplate bob = Face("bob", 2);
        using (var gallery = SqliteGallery.Open(path, Card))
        {
            gallery.Enrol([Face("ann", 1), bob]);
        }

        using (SqliteConnection raw = RawDatabase.Open(path))
        {
            // The removal is committed and the process dies before it writes the file anew.
            RawDatabase.Run(raw, "PRAGMA foreign_keys = ON; BEGIN; DELETE FROM subjects WHERE name = 'bob'; INSERT INTO meta VALUES ('erasure_owed', '1'); COMMIT");
            File.Copy(path, copy);
            File.Copy(path + "-wal", copy + "-wal");
        }

        File.Delete(path);
        Assert.True(OnDisk(FloatBytes(bob.Embedding)));
        using var again = SqliteGallery.OpenExisting(copy, Card);
        Assert.False(OnDisk(FloatBytes(bob.Embedding)));
        Assert.Equal("ann", Assert.Single(again.List()).Name);
    }

    [Fact]
    public void An_encrypted_file_holds_no_float_of_a_template_in_the_clear()
    {
        string path = In("g.db");
        var keys = TemplateKeyRing.Of(RandomNumberGenerator.GetBytes(32));
        NewTemplate[] faces = [.. Enumerable.Range(0, 50).Select(i => Face($"s{i}", i))];
        using (var gallery = SqliteGallery.Open(path, Card, new GalleryOptions { Keys = keys }))
        {
            gallery.Enrol(faces);
            Assert.All(faces, face => Assert.False(OnDisk(FloatBytes(face.Embedding)[..8])));
        }

        Assert.All(faces, face => Assert.False(OnDisk(FloatBytes(face.Embedding)[..8])));
        Assert.True(OnDisk(faces[0].Digest));
    }

    [Fact]
    public void Encrypting_a_gallery_leaves_nothing_in_the_clear_behind()
    {
        string path = In("g.db");
        NewTemplate[] faces = [.. Enumerable.Range(0, 300).Select(i => Face($"s{i}", i))];
        using var gallery = SqliteGallery.Open(path, Card);
        gallery.Enrol(faces);
        Assert.All(faces, face => Assert.True(OnDisk(FloatBytes(face.Embedding))));
        gallery.ChangeKeys(TemplateKeyRing.Of(RandomNumberGenerator.GetBytes(32)));
        Assert.All(faces, face => Assert.False(OnDisk(FloatBytes(face.Embedding))));
    }

    [Fact]
    public void A_template_moved_to_another_subject_by_hand_is_refused()
    {
        string path = In("g.db");
        var options = new GalleryOptions { Keys = TemplateKeyRing.Of(RandomNumberGenerator.GetBytes(32)) };
        using (var gallery = SqliteGallery.Open(path, Card, options))
        {
            gallery.Enrol([Face("ann", 1), Face("bob", 2)]);
        }

        using (SqliteConnection raw = RawDatabase.Open(path))
        {
            RawDatabase.Run(raw, "UPDATE templates SET embedding = (SELECT embedding FROM templates WHERE id = 1) WHERE id = 2");
        }

        using var again = SqliteGallery.OpenExisting(path, Card, options);
        Assert.Contains("template 2 of 'bob' cannot be decrypted", Failure(() => again.Search([1, 0, 0, 0], 1, 1)));
    }

    private static byte[] Bytes(NewTemplate face) => FloatBytes(face.Embedding);

    private static byte[] FloatBytes(float[] embedding) => [.. embedding.SelectMany(BitConverter.GetBytes)];

    /// <summary>Whether any file of the folder holds the bytes: database, log or shared memory.</summary>
    private bool OnDisk(byte[] needle) => _folder.GetFiles().Any(f =>
    {
        using var stream = new FileStream(f.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes.AsSpan().IndexOf(needle) >= 0;
    });
}
