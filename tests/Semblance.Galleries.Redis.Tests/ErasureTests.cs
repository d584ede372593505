using System.Runtime.InteropServices;
using System.Text;
using Semblance.Recognition.Galleries;
using StackExchange.Redis;

namespace Semblance.Galleries.Redis.Tests;

public sealed class ErasureTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_removed_subject_is_gone_from_the_servers_files_once_its_log_has_moved_on(bool encrypted)
    {
        using var own = new GarnetHost();
        var options = new GalleryOptions { Keys = encrypted ? Faces.NewKeys() : null };
        using RedisGallery gallery = RedisGallery.Open(own.NewLocation(), Faces.Model, options);
        NewTemplate face = Faces.New("Wilhelmina Vanderbilt", 1);
        gallery.Enrol([face, .. Enumerable.Range(2, 100).Select(i => Faces.New($"p{i}", i))]);
        byte[] stored = own.Connection.GetDatabase().HashGet($"semblance:{{{RedisLocation.Parse(gallery.Location).Gallery}}}:template:1", "bytes")!;
        byte[][] traces = [stored[..(Faces.Size * sizeof(float))], Encoding.UTF8.GetBytes(face.Subject), face.Digest];
        Assert.All(traces, trace => Assert.True(IsOnDisk(own.Folder, trace)));
        Assert.Equal(!encrypted, IsOnDisk(own.Folder, Floats(UnitVector.Of(face.Embedding))));
        gallery.Remove(face.Subject);

        // Garnet drops the segments of its log that a checkpoint has left behind: here of 2 MB each.
        gallery.Enrol([.. Enumerable.Range(1000, 3000).Select(i => Faces.New($"p{i}", i))]);
        gallery.Remove("p2");
        Assert.All(traces, trace => Assert.True(SpinWait.SpinUntil(() => !IsOnDisk(own.Folder, trace), TimeSpan.FromSeconds(10))));
        Assert.Empty(gallery.Search(face.Embedding, 1, 10, new GalleryFilter { MinCosine = 0.99 })[0]);
        own.Stop();
        own.Start();
        using RedisGallery again = RedisGallery.OpenExisting(gallery.Location, options: options);
        Assert.Equal((3099, null), ((int)again.Describe().Templates, again.Find(face.Subject)));
        Assert.Equal("p1500", again.Search(Faces.Embedding(1500), 1, 1)[0][0].Subject);
    }

    [Fact]
    public void An_encrypted_gallery_never_shows_the_server_an_embedding()
    {
        using var own = new GarnetHost();
        using RedisGallery gallery = RedisGallery.Open(own.NewLocation(), Faces.Model, new GalleryOptions { Keys = Faces.NewKeys() });
        NewTemplate face = Faces.New("ann", 1);
        gallery.Enrol([face]);
        gallery.Search(face.Embedding, 1, 1);
        Assert.True(IsOnDisk(own.Folder, Encoding.UTF8.GetBytes(face.Source)));
        Assert.False(IsOnDisk(own.Folder, Floats(face.Embedding)));
        Assert.False(IsOnDisk(own.Folder, Floats(UnitVector.Of(face.Embedding))));
    }

    [Fact]
    public void Redis_writes_its_log_and_its_snapshot_anew_so_that_a_removed_subject_is_gone_at_once()
    {
        using RedisProcess redis = RedisProcess.StartOrSkip();
        using RedisGallery gallery = RedisGallery.Open(redis.Location("g"), Faces.Model, new GalleryOptions { Keys = Faces.NewKeys() });
        NewTemplate face = Faces.New("Wilhelmina Vanderbilt", 1);
        gallery.Enrol([face, .. Enumerable.Range(2, 100).Select(i => Faces.New($"p{i}", i))]);
        Assert.Empty(gallery.Warnings);
        byte[][] traces = [Encoding.UTF8.GetBytes(face.Subject), face.Digest];
        Assert.All(traces, trace => Assert.True(IsOnDisk(redis.Folder, trace)));
        using (ConnectionMultiplexer connection = ConnectionMultiplexer.Connect($"127.0.0.1:{redis.Port},allowAdmin=true"))
        {
            connection.GetServers()[0].Execute("SAVE");
        }

        Assert.True(IsInFile(Path.Combine(redis.Folder, "dump.rdb"), face.Digest));
        gallery.Remove(face.Subject);
        Assert.All(traces, trace => Assert.True(SpinWait.SpinUntil(() => !IsOnDisk(redis.Folder, trace), TimeSpan.FromSeconds(10))));
        Assert.Equal("p3", gallery.Search(Faces.Embedding(3), 1, 1)[0][0].Subject);
        Assert.Equal(100, gallery.Describe().Templates);
    }

    private static byte[] Floats(float[] values) => MemoryMarshal.AsBytes<float>(values).ToArray();

    private static bool IsOnDisk(string folder, byte[] bytes)
    {
        foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            try
            {
                if (IsInFile(file, bytes))
                {
                    return true;
                }
            }
            catch (FileNotFoundException)
            {
                // The server has dropped it meanwhile, which is as well.
            }
        }

        return false;
    }

    private static bool IsInFile(string file, byte[] bytes)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content.AsSpan().IndexOf(bytes) >= 0;
    }
}
