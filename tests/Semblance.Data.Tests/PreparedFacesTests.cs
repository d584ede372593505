using Semblance.Data.Tests.Support;
using Semblance.Imaging;

namespace Semblance.Data.Tests;

public sealed class PreparedFacesTests : IDisposable
{
    private static readonly PreprocessingContract Contract = new() { Width = 16, Height = 16 };
    private readonly TestFolder _folder = new();

    public PreparedFacesTests()
    {
        for (int person = 0; person < 4; person++)
        {
            for (int image = 0; image <= person; image++)
            {
                _folder.Write($"p{person}/{image}.png", TestImages.Png(40, 30, person % 2 == 0 ? 1 : 3, (ulong)((person * 10) + image)));
            }
        }

        _folder.Write("p1/broken.jpg", "text");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void UnreadableImagesAreLeftOutAndReported()
    {
        using FaceDataset dataset = FaceDataset.Open(_folder.Root);
        PreparedFaces faces = PreparedFaces.Prepare(dataset, Contract, long.MaxValue);
        Assert.Equal(10, faces.Count);
        Assert.Equal("p1/broken.jpg", Assert.Single(faces.Unreadable).Path);
        Assert.DoesNotContain("p1/broken.jpg", faces.Paths);
    }

    [Fact]
    public void RareIdentitiesAreLeftOutByReadableImagesAndLabelsCloseUp()
    {
        using FaceDataset dataset = FaceDataset.Open(_folder.Root);
        PreparedFaces faces = PreparedFaces.Prepare(dataset, Contract, long.MaxValue, minImages: 3);
        Assert.Equal(["p2", "p3"], faces.Identities);
        Assert.Equal([0, 0, 0, 1, 1, 1, 1], faces.Labels);
        Assert.Throws<SemblanceException>(() => PreparedFaces.Prepare(dataset, Contract, long.MaxValue, minImages: 9));
    }

    [Fact]
    public void ImagesAreShrunkToWhatTheInputNeedsAndGreyStaysGrey()
    {
        using FaceDataset dataset = FaceDataset.Open(_folder.Root);
        PreparedFaces faces = PreparedFaces.Prepare(dataset, Contract, long.MaxValue);
        Assert.Equal((20, 20, 1), (faces.Pixels(0).Width, faces.Pixels(0).Height, faces.Pixels(0).Channels));
        Assert.Equal(3, faces.Pixels(1).Channels);
        PreparedFaces large = PreparedFaces.Prepare(dataset, new PreprocessingContract(), long.MaxValue);
        Assert.Equal((40, 30), (large.Pixels(0).Width, large.Pixels(0).Height));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2000, 1)]
    public void BeyondTheBudgetImagesAreDecodedAgainToTheSamePixels(long budget, int fewestCached)
    {
        using FaceDataset dataset = FaceDataset.Open(_folder.Root);
        PreparedFaces all = PreparedFaces.Prepare(dataset, Contract, long.MaxValue);
        PreparedFaces few = PreparedFaces.Prepare(dataset, Contract, budget);
        Assert.Equal(all.Count, all.CachedCount);
        Assert.True(few.CachedBytes <= budget && few.CachedCount >= fewestCached && few.CachedCount < all.Count);
        for (int i = 0; i < all.Count; i++)
        {
            Assert.Equal(all.Pixels(i).Data, few.Pixels(i).Data);
        }
    }

    [Fact]
    public void TheFingerprintFollowsIdentitiesAndBytesAlone()
    {
        string before = Fingerprint();
        Assert.Equal(before, Fingerprint());
        Assert.Matches("^[0-9a-f]{64}$", before);
        File.Move(_folder.Path("p3/0.png"), _folder.Path("p3/renamed.png"));
        Assert.Equal(before, Fingerprint());
        File.Move(_folder.Path("p3/renamed.png"), _folder.Path("p2/moved.png"));
        Assert.NotEqual(before, Fingerprint());
    }

    [Fact]
    public void ProgressReachesTheTotalAndCancellationEndsTheWork()
    {
        using FaceDataset dataset = FaceDataset.Open(_folder.Root);
        var progress = new RecordedProgress();
        PreparedFaces.Prepare(dataset, Contract, 0, progress: progress);
        Assert.Equal((11, 11, "images"), (progress.Last.Done, progress.Last.Total, progress.Last.Unit));
        Assert.ThrowsAny<OperationCanceledException>(() => PreparedFaces.Prepare(dataset, Contract, 0, cancellationToken: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void PixelsInMemoryAreTaken()
    {
        PixelBuffer[] images = [TestImages.Noise(16, 16, 3, 1), TestImages.Noise(16, 16, 3, 2)];
        PreparedFaces faces = PreparedFaces.FromPixels(images, [1, 0], ["a", "b"], Contract);
        Assert.Same(images[1], faces.Pixels(1));
        Assert.Equal([1, 0], faces.Labels);
        Assert.Throws<ArgumentException>(() => PreparedFaces.FromPixels(images, [0, 0], ["a", "b"], Contract));
        Assert.Throws<ArgumentException>(() => PreparedFaces.FromPixels(images, [0, 2], ["a", "b"], Contract));
    }

    private string Fingerprint()
    {
        using FaceDataset dataset = FaceDataset.Open(_folder.Root);
        return PreparedFaces.Prepare(dataset, Contract, 0).Fingerprint;
    }
}
