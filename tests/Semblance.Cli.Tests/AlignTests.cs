using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;

namespace Semblance.Cli.Tests;

/// <summary>
/// <c>align</c> with a real detector on real photographs: models from the folder that SEMBLANCE_TEST_MODELS names, photographs from the shared
/// folder beside the repository. Skipped where either is absent, except what needs neither.
/// </summary>
public sealed class AlignTests : IDisposable
{
    private const int Photos = 150;
    private const int Kills = 12;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PhotographsBecomeCropsInTheSameFolders()
    {
        string photos = Portraits();

        JsonElement report = ToolProcess.Run([.. Arguments(photos, _folder["crops"]), "--json"]).Json();

        Assert.Equal(Photos, report.GetProperty("photos").GetInt32());
        Assert.True(report.GetProperty("crops").GetInt32() >= Photos - 2);
        string name = Path.GetRelativePath(photos, Directory.EnumerateFiles(photos, "*.jpg", SearchOption.AllDirectories).First());
        Assert.True(File.Exists(Path.Combine(_folder["crops"], Path.ChangeExtension(name, "json"))));
        Assert.Equal(Photos, ToolProcess.Run([.. Arguments(photos, _folder["crops"]), "--json"]).Json().GetProperty("done_before").GetInt32());
    }

    [Fact]
    public void ARunKilledAgainAndAgainEndsInTheSameFiles()
    {
        string photos = Portraits();
        var clock = Stopwatch.StartNew();
        ToolProcess.Run(Arguments(photos, _folder["unbroken"]));
        double seconds = clock.Elapsed.TotalSeconds;

        // A folder that a run has finished is followed by a new one, so that kills fall on all moments of the work.
        var random = new Random(5);
        int kills = 0, finished = 0;
        while (kills < Kills)
        {
            Assert.True(finished < Kills, $"only {kills} kills: the process ends before it can be killed");
            string broken = $"broken{finished}";
            using Process process = ToolProcess.Start(Arguments(photos, _folder[broken]));
            Task<string> error = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
            if (process.WaitForExit(TimeSpan.FromSeconds(random.NextDouble() * seconds)))
            {
                Assert.Equal(0, process.ExitCode);
                Assert.Equal(Names("unbroken"), Names(broken));
                finished++;
            }
            else
            {
                // On Unix this is SIGKILL: no handler runs, no buffer is flushed.
                process.Kill();
                process.WaitForExit();
                kills++;
            }

            // Whenever it ended, what bears a final name is whole: the same bytes as in the unbroken run.
            Assert.Empty(Differing(broken));
        }

        ToolProcess.Run([.. Arguments(photos, _folder[$"broken{finished}"]), "--json"]).Json();
        Assert.Empty(Differing($"broken{finished}"));
        Assert.Equal(Names("unbroken"), Names($"broken{finished}"));
    }

    [Fact]
    public async Task CtrlCStopsInOrder()
    {
        string photos = Portraits();
        using Process process = ToolProcess.Start(Arguments(photos, _folder["crops"]));
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        while (!process.HasExited && !(Directory.Exists(_folder["crops"]) && Directory.EnumerateFiles(_folder["crops"], "*.jpg", SearchOption.AllDirectories).Any()))
        {
            Thread.Sleep(5);
        }

        ToolProcess.Interrupt(process);
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.SkipWhen(process.ExitCode == 0, "the work was done before the signal came");
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("stopped before it was finished", await error, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder["crops"], "*", SearchOption.AllDirectories), file => file.EndsWith(".tmp", StringComparison.Ordinal));
        Assert.True(ToolProcess.Run([.. Arguments(photos, _folder["crops"]), "--json"]).Json().GetProperty("done_before").GetInt32() > 0);
    }

    [Fact]
    public void AFullDiskIsToldOfAndLeavesWholeFiles()
    {
        string photos = Portraits();
        using SmallDisk disk = SmallDisk.Mount(_folder["crops"], "400k");

        ToolProcess.Run(Arguments(photos, _folder["crops"])).FailsWith(1, _folder["crops"], "cannot be written");

        string[] files = Directory.GetFiles(_folder["crops"], "*", SearchOption.AllDirectories);
        Assert.DoesNotContain(files, file => file.EndsWith(".tmp", StringComparison.Ordinal));
        Assert.All(files.Where(file => file.EndsWith(".json", StringComparison.Ordinal)), file => JsonDocument.Parse(File.ReadAllBytes(file)).Dispose());
        Assert.All(files.Where(file => file.EndsWith(".jpg", StringComparison.Ordinal)), file => Assert.Equal(112, Semblance.Data.ImageDecoder.DecodeFile(file).Width));
    }

    [Fact]
    public void WrongValuesAreNamed()
    {
        ToolProcess.Run("align", "--in", _folder["photos"], "--out", _folder["crops"], "--detector", "d.onnx", "--faces", "some").FailsWith(2, "--faces", "'some'", "main or all");
        ToolProcess.Run("align", "--in", _folder["photos"], "--out", _folder["crops"], "--detector", "d.onnx", "--format", "gif").FailsWith(2, "--format", "jpg or png");
        ToolProcess.Run("align", "--in", _folder["photos"], "--out", _folder["crops"], "--detector", "d.onnx", "--max-yaw", "400").FailsWith(2, "max-yaw", "400");
        ToolProcess.Run("align", "--in", _folder["photos"], "--out", _folder["crops"], "--detector", "d.onnx", "--workers", "-3").FailsWith(2, "workers", "-3");
        ToolProcess.Run("align", "--in", _folder["photos"], "--out", _folder["crops"], "--detector", "d.onnx", "--template", "arcfacee").FailsWith(1, "arcfacee", "arcface-112");
        ToolProcess.Run("align", "--in", _folder["photos"], "--out", _folder["crops"], "--detector", "d.onnx").FailsWith(1, _folder["photos"]);
    }

    private static string[] Arguments(string photos, string crops) =>
        ["align", "--in", photos, "--out", crops, "--detector", Model("fr_detect.onnx"), "--landmarks", Model("fr_landmark.onnx")];

    private static string Model(string name)
    {
        string? folder = Environment.GetEnvironmentVariable("SEMBLANCE_TEST_MODELS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder) || !File.Exists(Path.Combine(folder, name)), $"SEMBLANCE_TEST_MODELS names no folder with {name}.");
        return Path.Combine(folder!, name);
    }

    private string Portraits()
    {
        _ = Model("fr_detect.onnx");
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "shared", "data", "lfw.zip")))
        {
            root = root.Parent;
        }

        Assert.SkipWhen(root is null, "shared/data/lfw.zip does not lie beside the repository.");
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(root!.FullName, "shared", "data", "lfw.zip"));
        foreach (ZipArchiveEntry entry in archive.Entries.Where(entry => entry.Name.EndsWith(".jpg", StringComparison.Ordinal)).Take(Photos))
        {
            string path = Path.Combine(_folder["photos"], entry.FullName);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            entry.ExtractToFile(path);
        }

        return _folder["photos"];
    }

    /// <summary>Files of the broken run that the unbroken one has otherwise; temporaries of killed processes bear names of their own.</summary>
    private IEnumerable<string> Differing(string broken) => Names(broken)
        .Where(name => !File.ReadAllBytes(Path.Combine(_folder[broken], name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(_folder["unbroken"], name))));

    private string[] Names(string run) => Directory.Exists(_folder[run])
        ? [.. Directory.EnumerateFiles(_folder[run], "*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".tmp", StringComparison.Ordinal) && Path.GetFileName(file) != "align-report.json")
            .Select(file => Path.GetRelativePath(_folder[run], file)).Order(StringComparer.Ordinal)]
        : [];
}
