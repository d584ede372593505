using System.CommandLine;
using Semblance.Cli.Hosting;

namespace Semblance.Cli.Tests;

public sealed class HelpTests
{
    public static TheoryData<string> Commands => new(Leaves(CommandTree.Create(), "").ToArray());

    [Theory]
    [MemberData(nameof(Commands))]
    public void EveryCommandShowsItsOptionsAndAnExampleOfItself(string command)
    {
        ToolResult result = ToolProcess.Run([.. command.Split(' '), "--help"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("--json", result.Output, StringComparison.Ordinal);
        int examples = result.Output.IndexOf("Example", StringComparison.Ordinal);
        Assert.True(examples > 0, result.Output);
        Assert.Contains($"  semblance {command}", result.Output[examples..], StringComparison.Ordinal);
    }

    [Fact]
    public void TheRootListsEveryCommandWithItsDescription()
    {
        ToolResult result = ToolProcess.Run("--help");

        Assert.Equal(0, result.ExitCode);
        foreach (string command in Commands.Select(row => row.Data.Split(' ')[0]).Distinct())
        {
            Assert.Matches($@"(?m)^  {command}( <[^>]*>)*( \[[^\]]*\])? +\S", result.Output);
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void EveryOptionOfTheExamplesExists(string command)
    {
        string help = ToolProcess.Run([.. command.Split(' '), "--help"]).Output;
        int examples = help.IndexOf("Example", StringComparison.Ordinal);
        string[] used = [.. help[examples..].Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith("--", StringComparison.Ordinal))];

        Assert.All(used, option => Assert.Matches($@"(?m)^  .*{option}\b", help[..examples]));
    }

    [Fact]
    public void EveryCommandOfTheIssueIsThere()
    {
        string[] promised =
        [
            "data synth", "data inspect", "train", "evaluate", "export", "enroll", "identify", "verify", "gallery list", "gallery remove",
            "gallery export", "demo",
        ];

        Assert.Empty(promised.Except(Leaves(CommandTree.Create(), "")));
    }

    private static IEnumerable<string> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [path]
        : command.Subcommands.SelectMany(child => Leaves(child, $"{path} {child.Name}".Trim()));
}
