using System.IO.Compression;
using Semblance.Data.Sources;
using Semblance.Data.Tests.Support;

namespace Semblance.Data.Tests.Sources;

public sealed class ZipSourceTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ManyThreadsReadStoredAndDeflatedFilesAtOnce()
    {
        byte[][] contents = [.. Enumerable.Range(0, 50).Select(i => TestImages.Noise(40 + i, 30, 1, (ulong)i).Data)];
        using ZipSource zip = ZipSource.Open(Archive(contents));
        Parallel.For(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => Assert.Equal(contents[i % 50], zip.Read(i % 50, "x")));
    }

    [Fact]
    public void Zip64ListsMoreThan65535Files()
    {
        string path = _folder.Path("many.zip");
        using (var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create))
        {
            for (int i = 0; i < 65_600; i++)
            {
                archive.CreateEntry($"{i % 10}/{i}.png", CompressionLevel.NoCompression);
            }
        }

        using ZipSource zip = ZipSource.Open(path);
        Assert.Equal(65_600, zip.Names.Count());
        Assert.Empty(zip.Read(65_599, "last"));
    }

    [Fact]
    public void AChangedByteFailsTheChecksum()
    {
        string path = Archive([TestImages.Noise(40, 30, 1).Data]);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[200] ^= 1;
        File.WriteAllBytes(path, bytes);
        using ZipSource zip = ZipSource.Open(path);
        var e = Assert.Throws<UnreadableImageException>(() => zip.Read(0, "A/x.png"));
        Assert.StartsWith("is damaged in its zip archive", e.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ACommentAtTheEndDoesNotHideTheDirectory()
    {
        string path = Archive([[1, 2, 3]]);
        using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            archive.Comment = new string('c', 5000);
        }

        using ZipSource zip = ZipSource.Open(path);
        Assert.Equal([1, 2, 3], zip.Read(0, "x"));
    }

    [Fact]
    public void RandomDamageNeverEscapesAsAnotherException()
    {
        byte[] whole = File.ReadAllBytes(Archive([TestImages.Noise(10, 10, 1).Data, TestImages.Noise(9, 9, 1).Data]));
        var random = new Numerics.CountedRandom(3);
        for (int trial = 0; trial < 500; trial++)
        {
            byte[] bytes = [.. whole];
            for (int i = 0; i < 4; i++)
            {
                bytes[random.NextInt(bytes.Length)] = (byte)random.NextInt(256);
            }

            string path = _folder.Write("damaged.zip", bytes);
            try
            {
                using ZipSource zip = ZipSource.Open(path);
                for (int i = 0; i < zip.Names.Count(); i++)
                {
                    zip.Read(i, "x");
                }
            }
            catch (SemblanceException)
            {
                // What is expected of damage that shows.
            }
        }
    }

    [Fact]
    public void TheChecksumIsThatOfZip() => Assert.Equal(0xCBF43926u, Crc32.Of("123456789"u8));

    private string Archive(byte[][] contents)
    {
        string path = _folder.Path("faces.zip");
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach ((int i, byte[] content) in contents.Index())
        {
            using Stream entry = archive.CreateEntry($"{i}.png", i % 2 == 0 ? CompressionLevel.NoCompression : CompressionLevel.Fastest).Open();
            entry.Write(content);
        }

        return path;
    }
}
