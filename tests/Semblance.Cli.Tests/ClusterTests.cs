using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Semblance.Data;

namespace Semblance.Cli.Tests;

/// <summary><c>cluster</c> on crops, from folder to page.</summary>
public sealed partial class ClusterTests(SmallWorld world) : IDisposable
{
    private static readonly string[] Names = ["clusters.csv", "clusters.json", "faces", "index.html"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void CropsBecomeGroupsWithATableAPageAndScores()
    {
        JsonElement report = Cluster("--threshold", "0.7", "--json").Json();

        Assert.Equal(Names, Directory.EnumerateFileSystemEntries(_folder["out"]).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal));
        Assert.Equal((96, 96, 12, 96), (Number(report, "photos"), Number(report, "faces"), Number(report, "people"), Number(report, "named_faces")));
        Assert.Equal(96, Number(report, "faces_in_clusters") + Number(report, "faces_alone"));
        Assert.Equal(Number(report, "clusters"), report.GetProperty("groups").GetArrayLength());
        Assert.True(report.GetProperty("scores").GetProperty("bcubed_f").GetDouble() > 0.2);
        Assert.Equal("--threshold", report.GetProperty("threshold").GetProperty("origin").GetString());
        Assert.Equal(report.ToString(), JsonDocument.Parse(File.ReadAllText(_folder["out", "clusters.json"])).RootElement.ToString());

        string[][] rows = Table();
        Assert.Equal(96, rows.Length);
        Assert.All(rows, row => Assert.Equal(row[0].Split('/')[0], row[9]));
        Assert.Equal(Number(report, "faces_alone"), rows.Count(row => row[6] == "0"));
        Assert.Equal(Number(report, "clusters"), rows.Count(row => row[7] == "1"));
        Assert.All(rows, row => Assert.Equal(64, ImageDecoder.DecodeFile(_folder["out", row[10]]).Width));

        string page = File.ReadAllText(_folder["out", "index.html"]);
        Assert.Equal(rows.Select(row => row[10]).Order(StringComparer.Ordinal), Picture().Matches(page).Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
        Assert.Contains("B-cubed F", page, StringComparison.Ordinal);
        string link = Link().Match(page).Groups[1].Value;
        Assert.True(File.Exists(Path.Combine(_folder["out"], Uri.UnescapeDataString(link))), link);
    }

    [Theory]
    [InlineData("density")]
    [InlineData("chinese-whispers")]
    [InlineData("average-link")]
    public void TheSameAgainGivesTheSameTable(string algorithm)
    {
        Cluster("--threshold", "0.8", "--algorithm", algorithm, "--json").Json();
        string first = File.ReadAllText(_folder["out", "clusters.csv"]);

        JsonElement second = Cluster("--threshold", "0.8", "--algorithm", algorithm, "--json").Json();

        Assert.Equal(algorithm, second.GetProperty("algorithm").GetString());
        Assert.Equal(first, File.ReadAllText(_folder["out", "clusters.csv"]));
        Assert.Equal(algorithm == "chinese-whispers" ? JsonValueKind.Number : JsonValueKind.Null, second.GetProperty("seed").ValueKind);
    }

    [Fact]
    public void APersonReadsWhatCameOut()
    {
        ToolResult result = Cluster("--labels", "none", "--min-size", "3", "--copy-to", _folder["sorted"]);

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("groups", result.Output, StringComparison.Ordinal);
        Assert.Contains("96 faces", result.Output, StringComparison.Ordinal);
        Assert.Contains(_folder["out", "index.html"], result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("B-cubed", result.Output, StringComparison.Ordinal);
        Assert.Equal(96, Directory.EnumerateFiles(_folder["sorted"], "*", SearchOption.AllDirectories).Count());
        Assert.All(Directory.GetDirectories(_folder["sorted"]), person => Assert.True(Path.GetFileName(person) == "alone" || Directory.GetFiles(person).Length >= 3));
        Assert.All(Table(), row => Assert.Equal("", row[9]));
        Cluster("--copy-to", _folder["sorted"]).FailsWith(2, "--copy-to", _folder["sorted"], "not empty");
    }

    [Fact]
    public void WrongValuesAreNamed()
    {
        Cluster("--algorithm", "chinese-wispers").FailsWith(2, "'chinese-wispers'", "'chinese-whispers'");
        Cluster("--threshold", "1.2").FailsWith(2, "threshold", "1.2");
        Cluster("--neighbours", "0").FailsWith(2, "neighbours", "0");
        Cluster("--min-size", "0").FailsWith(2, "size", "0");
        Cluster("--labels", "names").FailsWith(2, "--labels", "'names'", "auto or folder or none");
        Cluster("--faces", "some").FailsWith(2, "--faces", "'some'");
        Cluster("--max-yaw", "20").FailsWith(2, "--detector");
        Cluster("--copy-to", _folder["out", "sorted"]).FailsWith(2, "--copy-to", "neither lies in the other");
        Cluster("--input", "photo").FailsWith(2, "--detector");
        ToolProcess.Run("cluster", _folder["nowhere"], "--model", world.Model, "--out", _folder["out"]).FailsWith(1, _folder["nowhere"]);
        ToolProcess.Run("cluster", "--model", world.Model, "--out", _folder["out"]).FailsWith(2, "DIR");
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public void NoFaceAtAllLeavesNothing()
    {
        Directory.CreateDirectory(_folder["photos"]);
        ToolProcess.Run("cluster", _folder["photos"], "--model", world.Model, "--out", _folder["out"]).FailsWith(1, _folder["photos"], "no images");

        File.WriteAllText(_folder["photos", "fake.jpg"], "no picture");
        ToolProcess.Run("cluster", _folder["photos"], "--model", world.Model, "--out", _folder["out"]).FailsWith(1, _folder["photos"], "none of its 1 images", "fake.jpg");
        Assert.Equal(["photos"], Entries());
    }

    [Fact]
    public void OtherThingsInThePlaceOfTheResultsAreNotTouched()
    {
        Directory.CreateDirectory(_folder["out"]);
        File.WriteAllText(_folder["out", "letter.txt"], "dear");
        Cluster().FailsWith(2, "--out", _folder["out"], "not empty");
        ToolProcess.Run("cluster", world.Others, "--model", world.Model, "--out", Path.Combine(world.Others, "people")).FailsWith(2, "--out", "mixes with the photographs");

        Assert.Equal("dear", File.ReadAllText(_folder["out", "letter.txt"]));
        Assert.Equal(["out"], Entries());
    }

    [Fact]
    public async Task CtrlCLeavesNoResultsAndNothingBesideThem()
    {
        using Process process = StartWithMany();
        Task<string> error = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
        WaitForAPicture(process);

        ToolProcess.Interrupt(process);
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(1)));
        await output;
        Assert.SkipWhen(process.ExitCode == 0, "the work was done before the signal came");
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("stopped before it was finished", await error, StringComparison.Ordinal);
        Assert.Equal(["photos"], Entries());
    }

    [Fact]
    public void WhatAKilledRunLeftIsRemovedByTheNext()
    {
        using (Process process = StartWithMany())
        {
            Task<string> error = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
            WaitForAPicture(process);
            process.Kill();
            process.WaitForExit();
            Assert.SkipWhen(process.ExitCode == 0, "the work was done before it was killed");
        }

        Assert.False(Directory.Exists(_folder["out"]));
        Cluster("--json").Json();
        Assert.Equal(["out", "photos"], Entries());
    }

    [Fact]
    public void AFullDiskIsToldOfAndLeavesNothing()
    {
        using SmallDisk disk = SmallDisk.Mount(_folder["disk"], "100k");

        ToolProcess.Run("cluster", world.Others, "--model", world.Model, "--out", _folder["disk", "out"]).FailsWith(1, "disk", "space");

        Assert.Empty(Directory.GetFileSystemEntries(_folder["disk"]));
    }

    /// <summary>Many links to few images, so that the end comes while faces are collected.</summary>
    private Process StartWithMany()
    {
        string[] images = Directory.GetFiles(world.Others, "*", SearchOption.AllDirectories);
        for (int copy = 0; copy < 60; copy++)
        {
            Directory.CreateDirectory(_folder["photos", $"{copy}"]);
            for (int i = 0; i < images.Length; i++)
            {
                File.CreateSymbolicLink(_folder["photos", $"{copy}", $"{i}{Path.GetExtension(images[i])}"], images[i]);
            }
        }

        return ToolProcess.Start("cluster", _folder["photos"], "--model", world.Model, "--out", _folder["out"]);
    }

    private void WaitForAPicture(Process process)
    {
        var own = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        while (!process.HasExited && !Directory.EnumerateFiles(_folder.Path, "*.jpg", own).Any())
        {
            Thread.Sleep(5);
        }
    }

    private ToolResult Cluster(params string[] more) => ToolProcess.Run(["cluster", world.Others, "--model", world.Model, "--out", _folder["out"], .. more]);

    private static int Number(JsonElement report, string name) => report.GetProperty(name).GetInt32();

    private string[][] Table() => [.. File.ReadAllLines(_folder["out", "clusters.csv"]).Skip(1).Select(line => line.Split(','))];

    private string[] Entries() => [.. Directory.EnumerateFileSystemEntries(_folder.Path).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)];

    [GeneratedRegex("<img[^>]*src=\"([^\"]*)\"")]
    private static partial Regex Picture();

    [GeneratedRegex("<a href=\"(\\.\\.[^\"]*)\"")]
    private static partial Regex Link();
}
