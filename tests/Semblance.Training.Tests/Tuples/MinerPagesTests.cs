using Semblance.Training.Configuration;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Configuration;
using Semblance.Training.Tuples;

namespace Semblance.Training.Tests.Tuples;

/// <summary>docs/miners holds a page per miner; its table of parameters is the registry's and its example runs.</summary>
public sealed class MinerPagesTests
{
    public static TheoryData<string> Names => [.. MinerRegistry.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryMinerHasItsPageWithEveryParameterAndDefault(string name)
    {
        string page = Page(name);
        string[] rows = [.. page.Split("## Parameters")[^1].Split("\n## ")[0].Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))];
        IReadOnlyList<ObjectiveParameter> parameters = MinerRegistry.Describe(name).Parameters;
        Assert.Equal(parameters.Select(parameter => parameter.Name), rows.Select(row => row.Split('`')[1]));
        foreach ((ObjectiveParameter parameter, string row) in parameters.Zip(rows))
        {
            Assert.Equal(parameter.DefaultText, row.Split('|')[2].Trim());
        }

        foreach (string section in new[] { "## What it takes", "## Parameters", "## Example", "## When it fails", "## Source" })
        {
            Assert.Contains(section, page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheExampleIsAConfigThatUsesTheMiner(string name)
    {
        string yaml = Page(name).Split("## Example")[^1].Split("```yaml\n")[1].Split("```")[0];
        Assert.Contains(name, yaml, StringComparison.Ordinal);
        TrainingConfig config = Recipes.Parse(yaml);
        Assert.Contains(name, config.Stages.Select(stage => ObjectiveArguments
            .Bind("example", ObjectiveRegistry.Describe(stage.Loss).Parameters, stage.LossParameters).Component<MinerDefinition>("miner").Definition.Name));
        Recipes.AssertStagesCanBeMade(config);
    }

    private static string Page(string name)
    {
        string path = Path.Combine(Recipes.Docs("miners"), name + ".md");
        Assert.True(File.Exists(path), $"{path} is missing");
        return File.ReadAllText(path);
    }
}
