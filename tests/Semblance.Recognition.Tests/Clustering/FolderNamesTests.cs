using Semblance.Recognition.Clustering;

namespace Semblance.Recognition.Tests.Clustering;

public sealed class FolderNamesTests
{
    [Fact]
    public void A_folder_per_person_names_people() =>
        Assert.Equal(["Ann", "Ann", "Bob"], FolderNames.Of(["lfw/Ann/1.jpg", "lfw/Ann/2.jpg", "lfw/Bob/1.jpg"], NameSource.Auto));

    [Theory]
    [InlineData("1.jpg", "2.jpg")]
    [InlineData("party/1.jpg", "party/2.jpg")]
    [InlineData("Ann/1.jpg", "2.jpg")]
    [InlineData("2019/1.jpg", "2019/summer/2.jpg", "2020/3.jpg")]
    [InlineData("a/1.jpg", "a b/2.jpg", "a/c/3.jpg")]
    public void Other_layouts_name_nobody_unless_told_to(params string[] photos)
    {
        Assert.Null(FolderNames.Of(photos, NameSource.Auto));
        Assert.NotNull(FolderNames.Of(photos, NameSource.Folder));
    }

    [Fact]
    public void Told_to_photos_beside_folders_have_no_name_and_told_not_to_nobody_has()
    {
        Assert.Equal(["Ann", null], FolderNames.Of(["Ann/1.jpg", "2.jpg"], NameSource.Folder));
        Assert.Null(FolderNames.Of(["Ann/1.jpg", "Bob/2.jpg"], NameSource.None));
    }
}
