namespace Semblance.Data.Tests;

public sealed class PhotoCollectionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("semblance-photos-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("one.jpg", "is a single image; expected a folder of photographs")]
    [InlineData("notes.txt", "zip")]
    public void A_file_that_is_no_collection_is_refused_by_what_it_is(string name, string reason)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, "x");
        string message = Assert.ThrowsAny<SemblanceException>(() => PhotoCollection.Open(path)).Message;
        Assert.StartsWith(path, message);
        Assert.Contains(reason, message);
    }

    [Fact]
    public void A_missing_one_is_said_to_be_missing() => Assert.Contains(
        "there is no such folder or zip archive",
        Assert.Throws<SemblanceException>(() => PhotoCollection.Open(Path.Combine(_folder.FullName, "none"))).Message);
}
