using Semblance.IO;

namespace Semblance.Tests.IO;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "semblance-atomic-" + Guid.NewGuid().ToString("N"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WritesIntoFoldersThatWereNotThere()
    {
        string path = Path.Combine(_folder, "a", "b", "file.txt");
        AtomicFile.WriteText(path, "grüße");
        Assert.Equal("grüße"u8.ToArray(), File.ReadAllBytes(path));
        AssertOnly(path);
    }

    [Fact]
    public void ReplacesWhatWasThere()
    {
        string path = Existing("a longer text than the new one");
        AtomicFile.WriteText(path, "new");
        Assert.Equal("new", File.ReadAllText(path));
        AssertOnly(path);
    }

    [Fact]
    public void TheTargetKeepsItsOldContentWhileItIsWritten()
    {
        string path = Existing("old");
        AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(path));
        });
        Assert.Equal("half", File.ReadAllText(path));
    }

    [Fact]
    public void AWriterThatFailsLeavesTheOldFileAndNothingElse()
    {
        string path = Existing("old");
        var e = Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new InvalidOperationException("halfway");
        }));
        Assert.Equal("halfway", e.Message);
        Assert.Equal("old", File.ReadAllText(path));
        AssertOnly(path);
    }

    [Fact]
    public void AFullDiskIsToldInOneLineAndLeavesTheOldFile()
    {
        string path = Existing("old");
        var e = Assert.Throws<SemblanceException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new IOException("No space left on device");
        }));
        Assert.StartsWith(path + ": cannot be written: No space left on device", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.Equal("old", File.ReadAllText(path));
        AssertOnly(path);
    }

    [Fact]
    public void APathThroughAFileIsRefused()
    {
        string file = Existing("a file");
        Assert.Throws<SemblanceException>(() => AtomicFile.WriteText(Path.Combine(file, "below.txt"), "x"));
        Assert.Equal("a file", File.ReadAllText(file));
    }

    [Fact]
    public void AFolderIsNotReplacedByAFile()
    {
        string folder = Path.Combine(_folder, "folder");
        Directory.CreateDirectory(folder);
        Assert.Throws<SemblanceException>(() => AtomicFile.WriteText(folder, "x"));
        Assert.Equal([folder], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void WritersAtOnceLeaveOneWholeFile()
    {
        string path = Existing("old");
        Parallel.For(0, 20, i => AtomicFile.WriteText(path, new string((char)('a' + i), 5000)));
        string text = File.ReadAllText(path);
        Assert.Equal(5000, text.Length);
        Assert.Single(text.Distinct());
        AssertOnly(path);
    }

    private string Existing(string text)
    {
        Directory.CreateDirectory(_folder);
        string path = Path.Combine(_folder, "file.txt");
        File.WriteAllText(path, text);
        return path;
    }

    private static void AssertOnly(string path) => Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
}
