using Semblance.Data.Inspection;
using Semblance.Data.Tests.Support;

namespace Semblance.Data.Tests.Inspection;

public sealed class DatasetInspectorTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EverythingWorthKnowingIsReported()
    {
        byte[] jpeg = TestImages.Jpeg();
        _folder.Write("a/1.png", TestImages.Png(8, 8, 1, 1));
        _folder.Write("a/2.png", TestImages.Png(8, 8, 1, 1));
        _folder.Write("a/3.png", TestImages.Png(8, 8, 3, 2));
        _folder.Write("b/1.png", TestImages.Png(9, 8, 3, 3));
        _folder.Write("c/1.png", TestImages.Png(9, 8, 3, 3));
        _folder.Write("c/cut.jpg", jpeg[..(jpeg.Length / 2)]);
        _folder.Write("c/empty.jpg", "");
        _folder.Write("d/empty.jpg", "");
        _folder.Write("d/notes.txt", "x");
        _folder.Write("stray.png", TestImages.Png());
        var progress = new RecordedProgress();

        DatasetReport report = DatasetInspector.Inspect(_folder.Root, progress);

        Assert.Equal((4, 8), (report.Identities, report.Images));
        Assert.Equal(
            [new("c/cut.jpg", "the image is cut short"), new("c/empty.jpg", "the file is empty"), new UnreadableImage("d/empty.jpg", "the file is empty")], report.Unreadable);
        Assert.Equal(["stray.png"], report.WithoutIdentity);
        Assert.Equal([new HistogramBin(1, 1, 2), new HistogramBin(3, 3, 2)], report.ImagesPerIdentity);
        Assert.Equal([new SizeCount(8, 8, 3), new SizeCount(9, 8, 2)], report.Sizes);
        Assert.Equal((0, 2), (report.OtherSizes, report.GreyImages));
        Assert.Equal([["a/1.png", "a/2.png"]], report.DuplicatesWithin);
        Assert.Equal([["b/1.png", "c/1.png"]], report.DuplicatesAcross);
        Assert.Equal(8, progress.Last.Done);
    }

    [Fact]
    public void ManySizesAreSummedUp()
    {
        for (int i = 1; i <= 25; i++)
        {
            _folder.Write($"a/{i}.png", TestImages.Png(i, 4));
        }

        DatasetReport report = DatasetInspector.Inspect(_folder.Root);
        Assert.Equal((20, 5), (report.Sizes.Count, report.OtherSizes));
    }

    [Fact]
    public void BinsAreExactToTenAndThenWiden()
    {
        IReadOnlyList<HistogramBin> bins = DatasetInspector.Histogram([1, 1, 10, 11, 20, 21, 50, 51, 100, 101, 200, 201, 500, 501, 1000, 1001]);
        Assert.Equal(
            [(1, 1, 2), (10, 10, 1), (11, 20, 2), (21, 50, 2), (51, 100, 2), (101, 200, 2), (201, 500, 2), (501, 1000, 2), (1001, 2000, 1)],
            bins.Select(bin => (bin.From, bin.To, bin.Identities)));
    }
}
