using System.Text.Json;

namespace Semblance.Cli.Tests;

public sealed class LabTrainingFiguresTests(SmallWorld world)
{
    [Fact]
    public void TheAnglesOfARunAreDrawnAndToldZoneByZone()
    {
        using var folder = new TemporaryFolder();

        JsonElement figures = ToolProcess.Run("lab", "margin", "--run", world.Run, "--out", folder.Path, "--json").Json().GetProperty("figures");

        Assert.True(File.Exists(folder["target-angles.svg"]));
        Assert.True(File.Exists(folder["angle-zones.svg"]));
        JsonElement[] epochs = [.. figures[1].GetProperty("numbers").GetProperty("epochs").EnumerateArray()];
        Assert.Equal([1, 2], epochs.Select(epoch => epoch.GetProperty("epoch").GetInt32()));
        Assert.All(epochs, epoch => Assert.Equal(1, epoch.GetProperty("zones").EnumerateArray().Sum(zone => zone.GetProperty("share").GetDouble()), 9));
    }

    [Fact]
    public void ThePlaneIsDrawnForTheLossesAskedForWithATable()
    {
        using var folder = new TemporaryFolder();

        ToolResult result = ToolProcess.Run("lab", "plane", "--losses", "softmax,center:weight=0.1", "--identities", "3", "--steps", "5", "--png", "--out", folder.Path);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.True(File.Exists(folder["plane.png"]));
        Assert.Contains("angle within", result.Output, StringComparison.Ordinal);
        Assert.Contains("center weight=0.1", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownLossOfThePlaneIsAnsweredWithTheNearest() => ToolProcess.Run("lab", "plane", "--losses", "softmx").FailsWith(2, "softmx", "softmax");

    [Fact]
    public void AFolderThatIsNoRunIsNamed() => ToolProcess.Run("lab", "margin", "--run", "/no/such/run").FailsWith(1, "/no/such/run");
}
