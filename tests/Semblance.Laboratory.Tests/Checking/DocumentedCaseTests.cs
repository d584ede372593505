using Semblance.Laboratory.Checking;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Tests.Checking;

public sealed class DocumentedCaseTests
{
    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    public void TheExampleOfTheDocumentationHolds(ScalarType dtype)
    {
        string page = File.ReadAllText(Path.Combine(Root(), "docs", "laboratory.md"));
        const string Fence = "```json";
        int start = page.IndexOf(Fence, StringComparison.Ordinal) + Fence.Length;
        using SmallCase folder = new();
        File.WriteAllText(folder.File, page[start..page.IndexOf("```", start, StringComparison.Ordinal)]);

        CaseOutcome outcome = CaseChecker.Check(folder.File, dtype);

        Assert.True(outcome.Result == CaseResult.Pass, outcome.Problem);
        Assert.Equal("cosface", outcome.Loss);
    }

    private static string Root()
    {
        DirectoryInfo at = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Semblance.slnx")))
        {
            at = at.Parent ?? throw new InvalidOperationException("The tests do not run within the repository.");
        }

        return at.FullName;
    }
}
