using Semblance.Data.Synthesis;

namespace Semblance.Data.Tests.Synthesis;

public sealed class FaceFolderWriterTests : IDisposable
{
    private static readonly SyntheticFaceOptions s_few = new() { Identities = 3, ImagesPerIdentity = 4, Size = 48, LongTailExponent = 1 };

    private readonly string _root = Directory.CreateTempSubdirectory("semblance-synth-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void One_thread_and_two_write_the_same_folder()
    {
        string one = Path.Combine(_root, "one");
        string two = Path.Combine(_root, "two");
        new SyntheticFaces(s_few) { Threads = 1 }.WriteFolder(one);
        new SyntheticFaces(s_few) { Threads = 2 }.WriteFolder(two);
        Assert.Equal(
            [
                "id_00000/id_00000_0001.jpg", "id_00000/id_00000_0002.jpg", "id_00000/id_00000_0003.jpg", "id_00000/id_00000_0004.jpg",
                "id_00001/id_00001_0001.jpg", "id_00001/id_00001_0002.jpg", "id_00002/id_00002_0001.jpg",
            ],
            Names(one));
        Assert.Equal(Names(one), Names(two));
        Assert.All(
            Names(one),
            name => Assert.Equal(File.ReadAllBytes(Path.Combine(one, name)), File.ReadAllBytes(Path.Combine(two, name))));
    }

    [Fact]
    public void What_is_written_is_a_jpeg_close_to_what_is_drawn()
    {
        var faces = new SyntheticFaces(s_few with { Size = 112 });
        string folder = Path.Combine(_root, "faces");
        faces.WriteFolder(folder);
        using SkiaSharp.SKBitmap written = SkiaSharp.SKBitmap.Decode(Path.Combine(folder, faces.ImagePath(1, 1)));
        byte[] drawn = faces.Render(1, 1).Data;
        double difference = 0;
        for (int i = 0; i < 112 * 112; i++)
        {
            SkiaSharp.SKColor pixel = written.GetPixel(i % 112, i / 112);
            difference += Math.Abs(pixel.Green - drawn[(i * 3) + 1]);
        }

        Assert.Equal((112, 112), (written.Width, written.Height));
        Assert.InRange(difference / (112 * 112), 0, 6);
    }

    [Fact]
    public void An_empty_folder_is_filled()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_root, "empty")).FullName;
        new SyntheticFaces(s_few).WriteFolder(folder);
        Assert.Equal(7, Names(folder).Length);
    }

    [Fact]
    public void A_folder_that_is_not_empty_is_left_alone()
    {
        File.WriteAllText(Path.Combine(_root, "mine.txt"), "mine");
        UsageException e = Assert.Throws<UsageException>(() => new SyntheticFaces(s_few).WriteFolder(_root));
        Assert.Contains("not empty", e.Message, StringComparison.Ordinal);
        Assert.Equal(["mine.txt"], Names(_root));
    }

    [Fact]
    public void A_file_in_the_folders_place_is_refused()
    {
        string file = Path.Combine(_root, "file");
        File.WriteAllText(file, "mine");
        UsageException e = Assert.Throws<UsageException>(() => new SyntheticFaces(s_few).WriteFolder(file));
        Assert.Contains("is a file", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_cannot_be_made_is_named()
    {
        string file = Path.Combine(_root, "file");
        File.WriteAllText(file, "mine");
        string inside = Path.Combine(file, "faces");
        SemblanceException e = Assert.Throws<SemblanceException>(() => new SyntheticFaces(s_few).WriteFolder(inside));
        Assert.Contains(inside, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_leaves_nothing()
    {
        using var cancel = new CancellationTokenSource();
        var progress = new Told(_ => cancel.Cancel());
        var many = new SyntheticFaces(s_few with { Identities = 40, ImagesPerIdentity = 100 });
        Assert.ThrowsAny<OperationCanceledException>(() => many.WriteFolder(Path.Combine(_root, "faces"), progress, cancel.Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_root));
    }

    [Fact]
    public void Progress_counts_images_up_to_the_last()
    {
        WorkProgress last = default;
        new SyntheticFaces(s_few).WriteFolder(Path.Combine(_root, "faces"), new Told(p => last = p));
        Assert.Equal((7L, 7L, "images"), (last.Done, last.Total, last.Unit));
    }

    private static string[] Names(string folder) => Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
        .Order(StringComparer.Ordinal)
        .ToArray();

    private sealed class Told(Action<WorkProgress> then) : IProgress<WorkProgress>
    {
        public void Report(WorkProgress value) => then(value);
    }
}
