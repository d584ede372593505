using System.Text.Json;
using Semblance.Data;
using Semblance.Imaging;

namespace Semblance.Cli.Tests;

/// <summary>
/// The road from photographs to answers with the published pack, on drawn faces: its detector finds them as it finds real ones. Skipped where
/// the library that SEMBLANCE_MODELS names lacks the pack.
/// </summary>
public sealed class PhotographTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PeopleOnPhotographsAreEnrolledAndFoundInAGroup()
    {
        string people = People(5);
        string gallery = _folder["people.db"];
        JsonElement enrolled = ToolProcess.Run("enroll", "--gallery", gallery, "--model", "faceplugin", "--data", people, "--any-quality", "--json").Json();
        Assert.Equal(5, enrolled.GetProperty("subjects").GetInt32());

        string[] persons = [.. Directory.GetDirectories(people).Order(StringComparer.Ordinal)];
        string group = Group([.. persons.Select(person => Directory.GetFiles(person).Order(StringComparer.Ordinal).First())]);
        JsonElement found = ToolProcess.Run("identify", "--gallery", gallery, "--model", "faceplugin", "--top", "1", "--json", group).Json();
        Assert.Equal(
            persons.Select(person => Path.GetFileName(person)),
            found.GetProperty("results").EnumerateArray().Select(face => face.GetProperty("candidates")[0].GetProperty("subject").GetString()!).Order(StringComparer.Ordinal));

        ToolProcess.Run("enroll", "--gallery", gallery, "--model", "faceplugin", "--data", Folder("crowd", group), "--any-quality").FailsWith(1, "none of its images", "faces");
        string[] images = [.. Directory.GetFiles(persons[0]).Order(StringComparer.Ordinal)];
        Assert.Equal(1, ToolProcess.Run("verify", "--model", "faceplugin", images[0], images[0], "--json").Json().GetProperty("cosine").GetDouble(), 1e-5);
    }

    [Fact]
    public void DetectTellsAndDrawsWhatItSees()
    {
        string people = People(2);
        string[] photos = [.. Directory.GetFiles(people, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        JsonElement seen = ToolProcess.Run(["detect", "--detector", "faceplugin", "--draw", _folder["seen"], "--json", .. photos]).Json();
        Assert.Equal(photos.Length, seen.GetProperty("photos").GetArrayLength());
        Assert.All(seen.GetProperty("photos").EnumerateArray(), photo =>
        {
            Assert.Equal(1, photo.GetProperty("faces").GetArrayLength());
            Assert.Contains("<svg", File.ReadAllText(photo.GetProperty("drawing").GetString()!));
        });
        File.WriteAllText(_folder["text.jpg"], "This is no photo.");
        ToolProcess.Run("detect", "--detector", "faceplugin", _folder["text.jpg"]).FailsWith(1, "text.jpg");
        Assert.Equal(1, ToolProcess.Run("detect", "--detector", "faceplugin", "--json", _folder["text.jpg"], photos[0]).ExitCode);
    }

    private string People(int count)
    {
        string? library = Environment.GetEnvironmentVariable("SEMBLANCE_MODELS");
        Assert.SkipWhen(
            string.IsNullOrEmpty(library) || !Directory.Exists(Path.Combine(library, "faceplugin")),
            "SEMBLANCE_MODELS names no library with the pack; 'semblance models pull faceplugin' installs it.");
        string people = _folder["people"];
        ToolProcess.Run("data", "synth", "--out", people, "--identities", $"{count}", "--images-per-identity", "3", "--size", "250", "--json").Json();
        return people;
    }

    /// <summary>Photos of 250×250 side by side.</summary>
    private string Group(string[] files)
    {
        const int Side = 250;
        byte[] pixels = new byte[Side * Side * 3 * files.Length];
        for (int i = 0; i < files.Length; i++)
        {
            byte[] photo = ImageDecoder.DecodeFile(files[i]).Data;
            for (int y = 0; y < Side; y++)
            {
                photo.AsSpan(y * Side * 3, Side * 3).CopyTo(pixels.AsSpan(((y * files.Length) + i) * Side * 3));
            }
        }

        string path = _folder["group.png"];
        File.WriteAllBytes(path, ImageEncoder.Png(new PixelBuffer(Side * files.Length, Side, 3, pixels)));
        return path;
    }

    private string Folder(string name, string file)
    {
        Directory.CreateDirectory(_folder[name, "someone"]);
        File.Copy(file, _folder[name, "someone", Path.GetFileName(file)]);
        return _folder[name];
    }
}
