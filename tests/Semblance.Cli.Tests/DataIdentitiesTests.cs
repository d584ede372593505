namespace Semblance.Cli.Tests;

public sealed class DataIdentitiesTests
{
    [Fact]
    public void The_people_of_the_chosen_folds_are_listed_once_each()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["pairs.txt"], "2\t1\nAnn\t1\t2\nBob\t1\tCid\t1\nDan\t1\t2\nEve\t1\tDan\t2\n");
        ToolProcess.Run("data", "identities", "--pairs", folder["pairs.txt"], "--folds", "2", "--out", folder["people.txt"], "--json").Json();
        Assert.Equal(["Dan", "Eve"], File.ReadAllLines(folder["people.txt"]));
    }

    [Fact]
    public void A_fold_that_the_file_lacks_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["pairs.txt"], "1\t1\nAnn\t1\t2\nBob\t1\tCid\t1\n");
        ToolResult result = ToolProcess.Run("data", "identities", "--pairs", folder["pairs.txt"], "--folds", "3", "--out", folder["people.txt"]);
        Assert.InRange(result.ExitCode, 1, 2);
        Assert.Contains("3", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["people.txt"]));
    }
}
