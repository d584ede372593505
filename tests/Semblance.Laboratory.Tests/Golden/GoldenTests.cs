using Semblance.Laboratory.Checking;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Tests.Golden;

/// <summary>Every case of the references, and every case of our own, as `semblance lab check` evaluates it.</summary>
public sealed class GoldenTests
{
    private const string Absent = "shared/golden is absent";

    public static TheoryData<string> SharedCases => Rows(GoldenFolders.Shared, "shared");

    public static TheoryData<string> OwnCases => Rows(GoldenFolders.Own, "own");

    [Theory]
    [MemberData(nameof(SharedCases))]
    public void EqualsTheReferenceInFloat64(string name) => Check(GoldenFolders.Shared, name, ScalarType.Float64);

    [Theory]
    [MemberData(nameof(SharedCases))]
    public void EqualsTheReferenceInFloat32(string name) => Check(GoldenFolders.Shared, name, ScalarType.Float32);

    [Theory]
    [MemberData(nameof(OwnCases))]
    public void EqualsTheFormulaInFloat64(string name) => Check(GoldenFolders.Own, name, ScalarType.Float64);

    [Theory]
    [MemberData(nameof(OwnCases))]
    public void EqualsTheFormulaInFloat32(string name) => Check(GoldenFolders.Own, name, ScalarType.Float32);

    private static TheoryData<string> Rows(string? root, string absent)
    {
        TheoryData<string> rows = [.. root is null ? [] : GoldenFolders.CasesIn(root)];
        if (rows.Count == 0)
        {
            rows.Add($"{Absent} ({absent})");
        }

        return rows;
    }

    private static void Check(string? root, string name, ScalarType dtype)
    {
        string path = root is null || name.StartsWith(Absent, StringComparison.Ordinal) ? Skip() : Path.Combine(root, name);
        CaseOutcome outcome = CaseChecker.Check(path, dtype);
        if (outcome.Result == CaseResult.Unchecked)
        {
            Assert.Skip(outcome.Problem!);
        }

        Assert.True(outcome.Result == CaseResult.Pass, Describe(outcome));
    }

    private static string Describe(CaseOutcome outcome) =>
        string.Join(Environment.NewLine, outcome.Alternatives.Prepend(outcome).Where(o => o.Result != CaseResult.Pass).Select(o => $"{o.Case}: {o.Problem}"));

    private static string Skip()
    {
        Assert.Skip("No folder of golden cases: nothing was checked.");
        throw new InvalidOperationException();
    }
}
