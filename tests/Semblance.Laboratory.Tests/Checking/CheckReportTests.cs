using Semblance.Laboratory.Checking;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Tests.Checking;

public sealed class CheckReportTests
{
    private static readonly ScalarType[] Both = [ScalarType.Float64, ScalarType.Float32];

    [Fact]
    public void AFolderIsSearchedWithAllBelowAndEachCaseIsCheckedInEachDtype()
    {
        using SmallCase small = new();
        small.Write();
        Directory.CreateDirectory(Path.Combine(small.Folder, "below"));
        File.Copy(small.File, Path.Combine(small.Folder, "below", "other.json"));

        CheckReport report = CheckReport.Of([small.Folder], Both);

        Assert.Equal((4, 0, 0), (report.Passed, report.Failed, report.Unchecked));
        Assert.Equal(["other.json", "other.json", "small.json", "small.json"], report.Outcomes.Select(o => Path.GetFileName(o.File)));
    }

    [Fact]
    public void AFileThatIsNoCaseFailsOnceAndTheOthersAreStillChecked()
    {
        using SmallCase small = new();
        small.Write();
        File.WriteAllText(Path.Combine(small.Folder, "a.json"), "[]");

        CheckReport report = CheckReport.Of([small.Folder], Both);

        Assert.Equal((2, 1), (report.Passed, report.Failed));
    }

    [Fact]
    public void APathThatDoesNotExistAndAFolderWithoutCasesAreRefused()
    {
        using SmallCase small = new();

        Assert.Throws<SemblanceException>(() => CheckReport.Of([small.Folder], Both));
        Assert.Throws<SemblanceException>(() => CheckReport.Of([small.File], Both));
    }
}
