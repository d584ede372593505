using System.Text.Json;

namespace Semblance.Cli.Tests;

/// <summary>The road from faces to a gallery, through the tool alone.</summary>
public sealed class EndToEndTests(SmallWorld world) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void InspectCountsWhatWasDrawn()
    {
        JsonElement report = ToolProcess.Run("data", "inspect", world.People, "--json").Json();

        Assert.Equal(24, report.GetProperty("identities").GetInt32());
        Assert.Equal(24 * 8, report.GetProperty("images").GetInt32());
        Assert.Empty(report.GetProperty("unreadable").EnumerateArray());
        Assert.Empty(report.GetProperty("duplicates_across").EnumerateArray());
    }

    [Fact]
    public void TrainingReportsWhatItDidAndLeavesARun()
    {
        JsonElement summary = world.Training.Json();

        Assert.Equal(24, summary.GetProperty("identities").GetInt32());
        Assert.Equal(192, summary.GetProperty("images").GetInt32());
        Assert.Equal(2, summary.GetProperty("epochs").GetInt32());
        Assert.True(summary.GetProperty("images_per_second").GetDouble() > 0);
        Assert.True(double.IsFinite(summary.GetProperty("final_loss").GetDouble()));
        Assert.True(File.Exists(Path.Combine(world.Run, "config.yaml")));
        Assert.True(File.Exists(Path.Combine(world.Run, "metrics.jsonl")));
    }

    [Fact]
    public void ARunIsNotOverwritten() =>
        ToolProcess.Run("train", "--data", world.People, "--out", world.Run, "--epochs", "1").FailsWith(2, world.Run, "--resume");

    [Fact]
    public void ResumingWithAnotherValueIsRefused() =>
        ToolProcess.Run("train", "--resume", "--out", world.Run, "--lr", "0.1").FailsWith(2, world.Run, "lr: 0.05", "lr: 0.1");

    [Fact]
    public void ResumingAFinishedRunChangesNothing()
    {
        string before = world.Training.Json().GetProperty("model_fingerprint").GetString()!;

        JsonElement again = ToolProcess.Run("train", "--resume", "--out", world.Run, "--json").Json();

        Assert.Equal(before, again.GetProperty("model_fingerprint").GetString());
        Assert.Equal(12, again.GetProperty("steps").GetInt32());
    }

    [Fact]
    public void ExportAgreesWithTheRunAndSaysSo()
    {
        JsonElement export = world.Exporting.Json();

        Assert.InRange(export.GetProperty("max_abs_diff").GetDouble(), 0, 1e-4);
        Assert.Equal("smallresnet", export.GetProperty("backbone").GetString());
        Assert.Equal(64, export.GetProperty("embedding_size").GetInt32());
    }

    [Fact]
    public void TheRunAndItsFileGetTheSameFigures()
    {
        JsonElement run = ToolProcess.Run("evaluate", "--model", world.Run, "--data", world.Others, "--pairs", world.Pairs, "--json").Json();
        JsonElement file = ToolProcess.Run("evaluate", "--model", world.Model, "--data", world.Others, "--pairs", world.Pairs, "--json").Json();

        foreach (string figure in new[] { "accuracy", "auc", "eer", "eer_threshold" })
        {
            Assert.Equal(run.GetProperty(figure).GetDouble(), file.GetProperty(figure).GetDouble(), 1e-3);
        }

        Assert.Equal(200, file.GetProperty("pairs").GetInt32());
        Assert.Equal(4, file.GetProperty("folds").GetArrayLength());
    }

    [Fact]
    public void FoldsCanBeChosen()
    {
        JsonElement figures = ToolProcess.Run(
            "evaluate", "--model", world.Model, "--data", world.Others, "--pairs", world.Pairs, "--folds", "3,4", "--no-flip", "--json").Json();

        Assert.Equal(100, figures.GetProperty("pairs").GetInt32());
        Assert.Equal([3, 4], figures.GetProperty("folds").EnumerateArray().Select(fold => fold.GetProperty("fold").GetInt32()));
        Assert.False(figures.GetProperty("flip").GetBoolean());
    }

    [Fact]
    public void AReportIsOnePageWithThePixelsBesideTheModel()
    {
        string report = _folder["report.html"];
        JsonElement figures = ToolProcess.Run(
            "evaluate", "--model", world.Model, "--data", world.Others, "--pairs", world.Pairs, "--report", report, "--json").Json();

        string html = File.ReadAllText(report);
        Assert.Contains("raw pixels", html, StringComparison.Ordinal);
        Assert.Contains("<svg", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv", html, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(figures.GetProperty("pixels").GetProperty("accuracy").GetDouble(), 0.4, 1);
    }

    [Fact]
    public void PeopleSeeATableOfFigures()
    {
        ToolResult result = ToolProcess.Run("evaluate", "--model", world.Model, "--data", world.Others, "--pairs", world.Pairs, "--pixels");

        Assert.Equal(0, result.ExitCode);
        string[] lines = [.. result.Output.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        Assert.Matches(@"^model +accuracy +± s\.e\. +AUC +EER +TAR@1e-1 +TAR@1e-2 +TAR@1e-3 +TAR@1e-4$", lines[0]);
        Assert.Contains(lines, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^\S+model\.onnx +\d+\.\d\d % +\d+\.\d\d % +[01]\.\d{4} +\d+\.\d\d % .*–$"));
        Assert.Contains(lines, line => line.StartsWith("raw pixels", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("– : 100 pairs of two people are too few", StringComparison.Ordinal));
    }

    [Fact]
    public void ThresholdsMeasuredAtExportDecideVerification()
    {
        string model = _folder["model.onnx"];
        JsonElement export = ToolProcess.Run("export", "--run", world.Run, "--out", model, "--pairs", world.Pairs, "--data", world.Others, "--json").Json();
        double eer = export.GetProperty("thresholds").GetProperty("eer").GetDouble();
        string[] images = Directory.GetFiles(Directory.GetDirectories(world.Others)[0]);

        JsonElement same = ToolProcess.Run("verify", "--model", model, images[0], images[0], "--json").Json();
        JsonElement cosine = ToolProcess.Run("verify", "--model", model, images[0], images[1], "--json").Json();

        Assert.Equal(1, same.GetProperty("cosine").GetDouble(), 1e-5);
        Assert.True(same.GetProperty("same").GetBoolean());
        double threshold = cosine.GetProperty("threshold").GetProperty("value").GetDouble();
        Assert.Equal(cosine.GetProperty("cosine").GetDouble() >= threshold, cosine.GetProperty("same").GetBoolean());
        Assert.InRange(eer, -1, 1);
    }

    [Fact]
    public void TheEnrolledAreFoundListedExportedImportedAndRemoved()
    {
        string gallery = _folder["people.db"];
        JsonElement first = ToolProcess.Run("enroll", "--gallery", gallery, "--model", world.Model, "--data", world.Others, "--json").Json();
        JsonElement again = ToolProcess.Run("enroll", "--gallery", gallery, "--model", world.Model, "--data", world.Others, "--json").Json();
        Assert.Equal(12, first.GetProperty("new_subjects").GetInt32());
        Assert.Equal(96, first.GetProperty("new_templates").GetInt32());
        Assert.Equal(0, again.GetProperty("new_templates").GetInt32());
        Assert.Equal(96, again.GetProperty("already_enrolled").GetInt32());

        string person = Directory.GetDirectories(world.Others).Order(StringComparer.Ordinal).First();
        string name = Path.GetFileName(person);
        JsonElement found = ToolProcess.Run("identify", "--gallery", gallery, "--model", world.Model, "--top", "3", "--json", Directory.GetFiles(person)[0]).Json();
        JsonElement best = found.GetProperty("results")[0].GetProperty("candidates")[0];
        Assert.Equal(name, best.GetProperty("subject").GetString());
        Assert.Equal(1, best.GetProperty("cosine").GetDouble(), 1e-4);

        string export = _folder["people.jsonl"];
        Assert.Equal(96, ToolProcess.Run("gallery", "export", "--gallery", gallery, "--out", export, "--json").Json().GetProperty("templates").GetInt32());
        string copy = _folder["copy.db"];
        Assert.Equal(96, ToolProcess.Run("gallery", "import", "--gallery", copy, "--model", world.Model, export, "--json").Json().GetProperty("added").GetInt32());

        Assert.Equal(8, ToolProcess.Run("gallery", "remove", "--gallery", gallery, name, "--json").Json().GetProperty("templates").GetInt32());
        JsonElement list = ToolProcess.Run("gallery", "list", "--gallery", gallery, "--json").Json();
        Assert.Equal(11, list.GetProperty("subjects").GetArrayLength());
        Assert.DoesNotContain(name, list.GetProperty("subjects").EnumerateArray().Select(subject => subject.GetProperty("name").GetString()));
        ToolProcess.Run("gallery", "remove", "--gallery", gallery, name).FailsWith(1, name);
    }

    [Fact]
    public async Task AStoppedTrainingSaysHowToGoOnAndLeavesACheckpoint()
    {
        string run = _folder["run"];
        using System.Diagnostics.Process process = ToolProcess.Start(
            "train", "--data", world.People, "--out", run, "--epochs", "500", "--batch", "32", "--input-size", "64", "--embedding-size", "64", "--json");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        WaitFor(() => File.Exists(Path.Combine(run, "checkpoints", "last.safetensors")), process);
        ToolProcess.Interrupt(process);
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), "the tool did not stop");

        Assert.Equal(1, process.ExitCode);
        Assert.Contains($"semblance train --resume --out {run}", await error, StringComparison.Ordinal);
        Assert.Contains("--resume", JsonDocument.Parse(await output).RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(run, "checkpoints", "last.safetensors")));
    }

    public void Dispose() => _folder.Dispose();

    private static void WaitFor(Func<bool> condition, System.Diagnostics.Process process)
    {
        for (int i = 0; i < 900 && !condition() && !process.HasExited; i++)
        {
            Thread.Sleep(100);
        }

        Assert.True(condition(), "the checkpoint did not appear");
    }
}
