using System.IO.Compression;
using Semblance.Data.Tests.Support;
using Semblance.Imaging;

namespace Semblance.Data.Tests;

public sealed class FaceDatasetTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("lfw-112/")]
    [InlineData("data/faces/")]
    public void FoldersMayLieAnyLevelDown(string prefix)
    {
        WritePeople(prefix);
        using FaceDataset dataset = FaceDataset.Open(_folder.Root);
        AssertPeople(dataset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("lfw-112/")]
    [InlineData("data/faces/")]
    public void ZipArchivesAreReadLikeFolders(string prefix)
    {
        WritePeople(prefix);
        using var elsewhere = new TestFolder();
        string zip = elsewhere.Path("faces.zip");
        ZipFile.CreateFromDirectory(_folder.Root, zip);
        using FaceDataset dataset = FaceDataset.Open(zip);
        AssertPeople(dataset);
        Assert.Equal(TestImages.Png(seed: 3), dataset.ReadBytes(dataset.Find("Zoe/Zoe_0001.png")));
    }

    [Fact]
    public void PhotographsAreCroppedAsTheyAreDecoded()
    {
        WritePeople("");
        using FaceDataset dataset = FaceDataset.Open(_folder.Root, new FaceDatasetOptions { Cropper = new TopLeftPixel() });
        Assert.True(dataset.HoldsPhotographs);
        PixelBuffer crop = dataset.Decode(0);
        Assert.Equal((1, 1), (crop.Width, crop.Height));
        PixelBuffer photo = ImageDecoder.Decode(dataset.ReadBytes(0), "photo");
        Assert.Equal(photo.Data[..photo.Channels], crop.Data);
        PreparedFaces prepared = PreparedFaces.Prepare(dataset, new PreprocessingContract { Width = 4, Height = 4 }, 0);
        Assert.Equal(crop.Data, prepared.Pixels(0).Data);
    }

    [Fact]
    public void ListFilesNamePathAndLabel()
    {
        WritePeople("pictures/");
        string list = _folder.Write("list.txt", "# comment\n\npictures/Ann_B/Ann_B_0002.png 10\n./pictures/Ann_B/Ann_B_0001.png\t10\npictures\\Zoe\\Zoe_0001.png  9\n");
        using FaceDataset dataset = FaceDataset.Open(list);
        Assert.Equal(["10", "9"], dataset.Identities);
        Assert.Equal(
            [new FaceImageEntry("pictures/Ann_B/Ann_B_0001.png", 0), new FaceImageEntry("pictures/Ann_B/Ann_B_0002.png", 0), new FaceImageEntry("pictures/Zoe/Zoe_0001.png", 1)],
            dataset.Images);
        Assert.Equal(8, dataset.Decode(2).Width);
    }

    [Fact]
    public void PathsWithBlanksStandInLists()
    {
        _folder.Write("a person/an image.png", TestImages.Png());
        using FaceDataset dataset = FaceDataset.Open(_folder.Write("list.txt", "a person/an image.png someone\n"));
        Assert.Equal(0, dataset.Find("a person/an image.png"));
    }

    [Fact]
    public void OtherFilesAreIgnored()
    {
        WritePeople("");
        _folder.Write("people.csv", "a,b");
        _folder.Write("Zoe/notes.txt", "x");
        _folder.Write("Zoe/.DS_Store", "x");
        _folder.Write("Zoe/._Zoe_0001.png", "x");
        _folder.Write("__MACOSX/Zoe/x.png", "x");
        _folder.Write("empty/readme.md", "x");
        using FaceDataset dataset = FaceDataset.Open(_folder.Root);
        AssertPeople(dataset);
    }

    [Fact]
    public void ImagesBesideTheIdentityFoldersAreReportedNotUsed()
    {
        WritePeople("lfw/");
        _folder.Write("lfw/stray.png", TestImages.Png());
        using FaceDataset dataset = FaceDataset.Open(_folder.Root);
        AssertPeople(dataset);
        Assert.Equal(["lfw/stray.png"], dataset.WithoutIdentity);
    }

    [Fact]
    public void ExcludedAndRareIdentitiesAreLeftOutAndLabelsCloseUp()
    {
        WritePeople("");
        _folder.Write("Bob/1.png", TestImages.Png());
        _folder.Write("Bob/2.png", TestImages.Png());
        using FaceDataset dataset = FaceDataset.Open(_folder.Root, new FaceDatasetOptions { ExcludedIdentities = new HashSet<string> { "Ann_B", "Nobody" }, MinImages = 2 });
        Assert.Equal(["Bob"], dataset.Identities);
        Assert.All(dataset.Images, image => Assert.Equal(0, image.Identity));
        Assert.Equal(2, dataset.Images.Count);
    }

    [Fact]
    public void FindSaysMinusOneForStrangers()
    {
        WritePeople("");
        using FaceDataset dataset = FaceDataset.Open(_folder.Root);
        Assert.Equal(-1, dataset.Find("Ann_B/Ann_B_0009.png"));
        Assert.Equal(0, dataset.Find("./Ann_B\\Ann_B_0001.png"));
    }

    [Fact]
    public void ATextFileNamedJpgIsListedAndUnreadable()
    {
        WritePeople("");
        _folder.Write("Zoe/Zoe_0002.jpg", "some text");
        using FaceDataset dataset = FaceDataset.Open(_folder.Root);
        var e = Assert.Throws<UnreadableImageException>(() => dataset.Decode(dataset.Find("Zoe/Zoe_0002.jpg")));
        Assert.Equal("Zoe/Zoe_0002.jpg", e.Path);
    }

    [Fact]
    public void AFileThatVanishedIsUnreadable()
    {
        WritePeople("");
        using FaceDataset dataset = FaceDataset.Open(_folder.Root);
        File.Delete(_folder.Path("Zoe/Zoe_0001.png"));
        Assert.Throws<UnreadableImageException>(() => dataset.ReadBytes(dataset.Find("Zoe/Zoe_0001.png")));
    }

    [Fact]
    public void AMissingFolderIsNamed() => AssertRefused(_folder.Path("nowhere"), "there is no such folder");

    [Fact]
    public void AnEmptyFolderIsNamed() => AssertRefused(_folder.Root, "the folder is empty");

    [Fact]
    public void AFolderWithoutImagesIsNamed()
    {
        _folder.Write("a/b.txt", "x");
        AssertRefused(_folder.Root, "holds no images");
    }

    [Fact]
    public void AFolderOfLooseImagesIsExplained()
    {
        _folder.Write("1.png", TestImages.Png());
        AssertRefused(_folder.Root, "lie directly in it");
    }

    [Fact]
    public void TheSameNameInTwoPlacesIsRefusedNotMixed()
    {
        _folder.Write("first/0001/a.png", TestImages.Png());
        _folder.Write("second/0001/b.png", TestImages.Png());
        AssertRefused(_folder.Root, "'0001' has two folders");
    }

    [Fact]
    public void FiltersThatLeaveNothingAreNamed()
    {
        WritePeople("");
        Assert.Contains("fewer than 5 images", Assert.Throws<SemblanceException>(() => FaceDataset.Open(_folder.Root, new() { MinImages = 5 })).Message, StringComparison.Ordinal);
        Assert.Throws<UsageException>(() => FaceDataset.Open(_folder.Root, new() { MinImages = 0 }));
    }

    [Theory]
    [InlineData("a.png\n", "line 1 is 'a.png'")]
    [InlineData("\na.png 1\na.png 2\n", "line 3: 'a.png' is listed in line 2")]
    [InlineData("b.png 1\nc.png 2\n", "none of its 2 paths exists")]
    [InlineData("# nothing\n", "names no image")]
    public void FaultyListsNameTheLine(string list, string message)
    {
        _folder.Write("a.png", TestImages.Png());
        AssertRefused(_folder.Write("list.txt", list), message);
    }

    [Fact]
    public void AZipCutShortIsRefused()
    {
        WritePeople("");
        using var elsewhere = new TestFolder();
        string zip = elsewhere.Path("faces.zip");
        ZipFile.CreateFromDirectory(_folder.Root, zip);
        byte[] bytes = File.ReadAllBytes(zip);
        AssertRefused(elsewhere.Write("cut.zip", bytes[..(bytes.Length / 2)]), "cannot be read as a zip archive");
        AssertRefused(elsewhere.Write("text.zip", "no zip"), "cannot be read as a zip archive");
    }

    [Fact]
    public void LfwIsReadFromItsArchive()
    {
        using FaceDataset dataset = FaceDataset.Open(SharedData.Require("data/lfw-112.zip"));
        Assert.Equal((5749, 13233), (dataset.Identities.Count, dataset.Images.Count));
        int image = dataset.Find("Aaron_Eckhart/Aaron_Eckhart_0001.jpg");
        Assert.Equal("Aaron_Eckhart", dataset.Identities[dataset.Images[image].Identity]);
        Assert.Equal((112, 112, 1), (dataset.Decode(image).Width, dataset.Decode(image).Height, dataset.Decode(image).Channels));
    }

    private static void AssertRefused(string path, string message)
    {
        var e = Assert.Throws<SemblanceException>(() => FaceDataset.Open(path));
        Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    private void WritePeople(string prefix)
    {
        _folder.Write(prefix + "Ann_B/Ann_B_0002.png", TestImages.Png(seed: 2));
        _folder.Write(prefix + "Ann_B/Ann_B_0001.png", TestImages.Png(seed: 1));
        _folder.Write(prefix + "Zoe/Zoe_0001.png", TestImages.Png(seed: 3));
    }

    private static void AssertPeople(FaceDataset dataset)
    {
        Assert.Equal(["Ann_B", "Zoe"], dataset.Identities);
        Assert.Equal(
            [new FaceImageEntry("Ann_B/Ann_B_0001.png", 0), new FaceImageEntry("Ann_B/Ann_B_0002.png", 0), new FaceImageEntry("Zoe/Zoe_0001.png", 1)], dataset.Images);
        Assert.Equal(TestImages.Noise(8, 8, 1, 3).Data, dataset.Decode(2).Data);
        Assert.Equal(2, dataset.Find("Zoe/Zoe_0001.png"));
    }

    private sealed class TopLeftPixel : IFaceCropper
    {
        public PixelBuffer Crop(PixelBuffer photo, string name) => new(1, 1, photo.Channels, photo.Data[..photo.Channels]);
    }
}
