using System.Text.Json;
using System.Text.Json.Nodes;

namespace Semblance.Laboratory.Tests.Golden;

/// <summary>
/// The files of tests/golden and the formulas they come from. With the environment variable SEMBLANCE_WRITE_GOLDEN=1 the files are written
/// anew, into the source tree, by this test.
/// </summary>
public sealed class OwnCasesTests
{
    private const string WriteVariable = "SEMBLANCE_WRITE_GOLDEN";

    public static TheoryData<string> Files => [.. OwnCases.All.Select(r => r.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public void TheFormulaGivesTheFile(string file)
    {
        CaseRecipe recipe = OwnCases.All.Single(r => r.File == file);
        JsonObject made = CaseWriter.Make(recipe);
        string path = Path.Combine(Root(), file);
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, CaseWriter.Text(made));
        }

        Assert.True(File.Exists(path), $"{path} is missing; run this test with {WriteVariable}=1");
        AssertEqual(JsonNode.Parse(CaseWriter.Text(made))!, JsonNode.Parse(File.ReadAllText(path))!, file);
    }

    [Fact]
    public void EveryFileHasItsFormula()
    {
        string[] files = Directory.Exists(Root()) ? [.. GoldenFolders.CasesIn(Root())] : [];

        Assert.Empty(files.Except(OwnCases.All.Select(r => r.File)));
    }

    [Fact]
    public void NoTwoRecipesWriteTheSameFile() => Assert.Equal(OwnCases.All.Count, OwnCases.All.Select(r => r.File).Distinct().Count());

    private static string Root()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Semblance.slnx")))
            {
                return Path.Combine(at.FullName, "tests", "golden");
            }
        }

        throw new InvalidOperationException("The tests do not run within the repository.");
    }

    // Inputs are exact; what the formula gives may differ by the last digits of another platform's exp and log.
    private static void AssertEqual(JsonNode made, JsonNode read, string place)
    {
        switch (made, read)
        {
            case (JsonObject a, JsonObject b):
                Assert.Equal(a.Select(p => p.Key), b.Select(p => p.Key));
                foreach ((string key, JsonNode? value) in a)
                {
                    if (key != "verification" && value is not null)
                    {
                        Assert.True(b[key] is not null, $"{place}.{key} is null in the file");
                        AssertEqual(value, b[key]!, $"{place}.{key}");
                    }
                }

                break;
            case (JsonArray a, JsonArray b):
                Assert.Equal(a.Count, b.Count);
                for (int i = 0; i < a.Count; i++)
                {
                    AssertEqual(a[i]!, b[i]!, $"{place}[{i}]");
                }

                break;
            case (JsonValue a, JsonValue b) when a.GetValueKind() == JsonValueKind.Number:
                double expected = a.GetValue<JsonElement>().GetDouble();
                double actual = b.GetValue<JsonElement>().GetDouble();
                Assert.True(Math.Abs(expected - actual) <= 3e-10 * Math.Max(1, Math.Abs(expected)), $"{place} is {actual:R} in the file; the formula gives {expected:R}");
                break;
            default:
                Assert.Equal(made.ToJsonString(), read.ToJsonString());
                break;
        }
    }
}
