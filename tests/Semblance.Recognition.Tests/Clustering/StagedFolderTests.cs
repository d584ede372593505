using Semblance.Recognition.Clustering;

namespace Semblance.Recognition.Tests.Clustering;

public sealed class StagedFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public StagedFolderTests() => Directory.CreateDirectory(Photos);

    private string Photos => _folder.File("photos");

    private string Out => _folder.File("out");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_appears_whole_or_not_at_all()
    {
        using (StagedFolder given = Create())
        {
            File.WriteAllText(Path.Combine(given.Path, "mark"), "1");
        }

        Assert.Equal(["photos"], Entries());
        Fill("2");
        Assert.Equal(["out", "photos"], Entries());
        Assert.Equal("2", File.ReadAllText(Path.Combine(Out, "mark")));
    }

    [Fact]
    public void An_earlier_run_is_replaced_and_an_empty_folder_taken()
    {
        Directory.CreateDirectory(Out);
        Fill("1");
        File.WriteAllText(Path.Combine(Out, "table"), "old");
        Fill("2");

        Assert.Equal("2", File.ReadAllText(Path.Combine(Out, "mark")));
        Assert.False(File.Exists(Path.Combine(Out, "table")));
        Assert.Equal(["out", "photos"], Entries());
    }

    [Fact]
    public void What_is_not_an_earlier_runs_is_not_touched()
    {
        Directory.CreateDirectory(Out);
        File.WriteAllText(Path.Combine(Out, "letter.txt"), "dear");
        Assert.Contains("not empty", Refused(), StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(Out, "mark"), "1");
        Assert.Contains("letter.txt", Refused(), StringComparison.Ordinal);
        Assert.Contains("not empty", Assert.Throws<UsageException>(() => StagedFolder.Create("--copy-to", Out, Photos)).Message, StringComparison.Ordinal);
        Assert.Equal("dear", File.ReadAllText(Path.Combine(Out, "letter.txt")));
    }

    [Fact]
    public void It_does_not_mix_with_the_photographs()
    {
        File.WriteAllText(_folder.File("file"), "");
        foreach (string path in (string[])[Photos, Path.Combine(Photos, "people"), _folder.Path])
        {
            Assert.Contains("mixes with the photographs", Assert.Throws<UsageException>(() => StagedFolder.Create("--out", path, Photos, "mark")).Message, StringComparison.Ordinal);
        }

        Assert.Contains("a file", Assert.Throws<UsageException>(() => StagedFolder.Create("--out", _folder.File("file"), Photos, "mark")).Message, StringComparison.Ordinal);
        Assert.Contains("empty", Assert.Throws<UsageException>(() => StagedFolder.Create("--out", "", Photos, "mark")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_came_into_the_place_meanwhile_is_not_touched()
    {
        using StagedFolder folder = Create();
        Directory.CreateDirectory(Out);
        File.WriteAllText(Path.Combine(Out, "letter.txt"), "dear");

        Assert.Throws<UsageException>(folder.Commit);
        Assert.Equal("dear", File.ReadAllText(Path.Combine(Out, "letter.txt")));
    }

    [Fact]
    public void Two_results_lie_apart()
    {
        StagedFolder.RequireApart("--out", Out, "--copy-to", Out + "2");
        foreach (string other in (string[])[Out, Path.Combine(Out, "sorted"), _folder.Path])
        {
            Assert.Contains("--copy-to", Assert.Throws<UsageException>(() => StagedFolder.RequireApart("--out", Out, "--copy-to", other)).Message, StringComparison.Ordinal);
        }
    }

    private StagedFolder Create() => StagedFolder.Create("--out", Out, Photos, "mark", "table");

    private void Fill(string text)
    {
        using StagedFolder folder = Create();
        File.WriteAllText(Path.Combine(folder.Path, "mark"), text);
        folder.Commit();
    }

    private string Refused() => Assert.Throws<UsageException>(Create).Message;

    private string[] Entries() => [.. Directory.EnumerateFileSystemEntries(_folder.Path).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)];
}
