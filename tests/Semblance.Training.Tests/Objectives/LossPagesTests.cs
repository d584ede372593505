using Semblance.Training.Configuration;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Configuration;

namespace Semblance.Training.Tests.Objectives;

/// <summary>docs/losses holds a page per objective: its table of parameters is the registry's, its figure is there and its example runs.</summary>
public sealed class LossPagesTests
{
    public static TheoryData<string> Names => [.. ObjectiveRegistry.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryObjectiveHasItsPageWithEveryParameterAndDefault(string name)
    {
        string page = Page(name);
        string[] rows = [.. page.Split("## Parameters")[^1].Split("\n## ")[0].Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal))];
        IReadOnlyList<ObjectiveParameter> parameters = ObjectiveRegistry.Describe(name).Parameters;
        Assert.Equal(parameters.Select(p => p.Name), rows.Select(r => r.Split('`')[1]));
        foreach ((ObjectiveParameter parameter, string row) in parameters.Zip(rows))
        {
            Assert.Equal(parameter.DefaultText, row.Split('|')[2].Trim());
        }

        int at = 0;
        foreach (string section in new[] { "## When to use it", "## Equation", "## Figure", "## Parameters", "## Example", "## When it fails", "## Source" })
        {
            int next = page.IndexOf($"\n{section}\n", at, StringComparison.Ordinal);
            Assert.True(next >= 0, $"{name}.md has no section '{section}' where it belongs");
            at = next;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheFigureIsThere(string name)
    {
        Assert.Contains($"](figures/{name}.svg)", Page(name), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Recipes.Docs("losses"), "figures", name + ".svg")), $"docs/losses/figures/{name}.svg is missing: draw it with 'lab curves --each' or 'lab tuples --each'");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheExampleIsAConfigThatUsesTheObjective(string name)
    {
        string yaml = Page(name).Split("## Example")[^1].Split("```yaml\n")[1].Split("```")[0];
        Assert.Matches($@"\b(loss|name): {name}(?![\w-])", yaml);
        TrainingConfig config = Recipes.Parse(yaml);
        Assert.NotEmpty(config.Stages);
        Recipes.AssertStagesCanBeMade(config);
    }

    [Fact]
    public void NoPageAndNoFigureIsLeftOfALossThatIsNone()
    {
        string folder = Recipes.Docs("losses");
        Assert.Equal(ObjectiveRegistry.Names.Order(StringComparer.Ordinal), Directory.GetFiles(folder, "*.md").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
        Assert.Equal(
            ObjectiveRegistry.Names.Order(StringComparer.Ordinal),
            Directory.GetFiles(Path.Combine(folder, "figures"), "*.svg").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
    }

    private static string Page(string name)
    {
        string path = Path.Combine(Recipes.Docs("losses"), name + ".md");
        Assert.True(File.Exists(path), $"{path} is missing");
        return File.ReadAllText(path);
    }
}
