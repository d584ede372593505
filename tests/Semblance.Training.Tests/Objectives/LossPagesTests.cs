using Semblance.Training.Objectives;

namespace Semblance.Training.Tests.Objectives;

/// <summary>docs/losses holds a page per objective, and its table of parameters is the registry's.</summary>
public sealed class LossPagesTests
{
    public static TheoryData<string> Names => [.. ObjectiveRegistry.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryObjectiveHasItsPageWithEveryParameterAndDefault(string name)
    {
        string path = Path.Combine(Folder(), name + ".md");
        Assert.True(File.Exists(path), $"{path} is missing");
        string page = File.ReadAllText(path);
        string[] rows = [.. page.Split("## Parameters")[^1].Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal))];
        IReadOnlyList<ObjectiveParameter> parameters = ObjectiveRegistry.Describe(name).Parameters;
        Assert.Equal(parameters.Select(p => p.Name), rows.Select(r => r.Split('`')[1]));
        foreach ((ObjectiveParameter parameter, string row) in parameters.Zip(rows))
        {
            Assert.Equal(parameter.DefaultText, row.Split('|')[2].Trim());
        }

        foreach (string section in new[] { "## When to use it", "## Equation", "## Parameters", "## When it fails", "## Source" })
        {
            Assert.Contains(section, page, StringComparison.Ordinal);
        }
    }

    private static string Folder()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "docs", "losses");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException("docs/losses was not found above the test's folder");
    }
}
