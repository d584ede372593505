using Semblance.Training.Configuration;
using Semblance.Training.Objectives;
using Semblance.Training.Sampling;
using Semblance.Training.Tests.Configuration;

namespace Semblance.Training.Tests.Sampling;

/// <summary>docs/samplers holds a page per sampler; its table of parameters is the registry's and its example runs.</summary>
public sealed class SamplerPagesTests
{
    public static TheoryData<string> Names => [.. SamplerRegistry.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void EverySamplerHasItsPageWithEveryParameterAndDefault(string name)
    {
        string page = Page(name);
        string[] rows = [.. page.Split("## Parameters")[^1].Split("\n## ")[0].Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))];
        IReadOnlyList<ObjectiveParameter> parameters = SamplerRegistry.Describe(name).Parameters;
        Assert.Equal(parameters.Select(parameter => parameter.Name), rows.Select(row => row.Split('`')[1]));
        foreach ((ObjectiveParameter parameter, string row) in parameters.Zip(rows))
        {
            Assert.Equal(parameter.DefaultText, row.Split('|')[2].Trim());
        }

        foreach (string section in new[] { "## When to use it", "## Rule", "## Parameters", "## Example", "## When it fails", "## Source" })
        {
            Assert.Contains(section, page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheExampleIsAConfigThatUsesTheSampler(string name)
    {
        string yaml = Page(name).Split("## Example")[^1].Split("```yaml\n")[1].Split("```")[0];
        TrainingConfig config = Recipes.Parse(yaml);
        Assert.Contains(name, config.Stages.Select(stage => stage.Sampler.Name));
        Recipes.AssertStagesCanBeMade(config);
    }

    /// <summary>A sampler has no golden case: that it draws what its rule says, and how often, is tested beside it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void TheSamplerHasItsTests(string name)
    {
        int[] labels = [.. Enumerable.Range(0, 12).SelectMany(identity => Enumerable.Repeat(identity, 2 + identity))];
        Type sampler = SamplerRegistry.Create(name, new Dictionary<string, object?>(), new SamplerContext(labels, 16, 1)).GetType();
        string tests = Path.Combine(Recipes.Docs("samplers"), "..", "..", "tests", "Semblance.Data.Tests", "Sampling", sampler.Name + "Tests.cs");
        Assert.True(File.Exists(tests), $"{tests} is missing");
        Assert.Matches(@"\[(Fact|Theory)\]", File.ReadAllText(tests));
    }

    private static string Page(string name)
    {
        string path = Path.Combine(Recipes.Docs("samplers"), name + ".md");
        Assert.True(File.Exists(path), $"{path} is missing");
        return File.ReadAllText(path);
    }
}
