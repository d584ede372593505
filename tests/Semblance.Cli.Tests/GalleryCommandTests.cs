using System.Text.Json;

namespace Semblance.Cli.Tests;

/// <summary>What a gallery is told and asked through the tool.</summary>
public sealed class GalleryCommandTests(SmallWorld world) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PeopleHaveDetailsThatIdentifyGoesBy()
    {
        (string gallery, string name, string image) = Enrolled("--meta", "site=london", "--expires", "30d");
        Assert.Equal("london", Tool("show", gallery, name).Json().GetProperty("metadata").GetProperty("site").GetString());
        Assert.InRange(Tool("show", gallery, name).Json().GetProperty("expires").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddDays(29), DateTimeOffset.UtcNow.AddDays(31));

        JsonElement set = Tool("set", gallery, name, "--external-id", "HR-0042", "--meta", "site=paris", "--meta", "shift=day", "--expires", "never").Json();
        Assert.Equal("HR-0042", set.GetProperty("external_id").GetString());
        Assert.Equal(JsonValueKind.Null, set.GetProperty("expires").ValueKind);
        Assert.Equal(name, Tool("show", gallery, "--external-id", "HR-0042").Json().GetProperty("name").GetString());

        Assert.Equal(name, Best(gallery, image, "--where", "site=paris", "--where", "shift=day"));
        Assert.NotEqual(name, Best(gallery, image, "--where", "site=london"));

        Tool("threshold", gallery, "0.999").Json();
        JsonElement found = Identify(gallery, image, "--mark-seen").GetProperty("results")[0];
        Assert.Equal("gallery", found.GetProperty("threshold").GetProperty("name").GetString());
        Assert.True(found.GetProperty("match").GetBoolean());
        JsonElement[] listed = [.. Tool("list", gallery).Json().GetProperty("subjects").EnumerateArray()];
        Assert.Equal(name, Assert.Single(listed, subject => subject.GetProperty("last_seen").ValueKind != JsonValueKind.Null).GetProperty("name").GetString());
        Assert.Equal(0.999, Tool("show", gallery).Json().GetProperty("threshold").GetDouble());
        Tool("threshold", gallery, "--of-model").Json();
        Assert.Equal(JsonValueKind.Null, Tool("show", gallery).Json().GetProperty("threshold").ValueKind);
    }

    [Fact]
    public void TemplatesAreEncryptedCopiedAndTheirKeyChanged()
    {
        (string gallery, string name, string image) = Enrolled();
        string keys = _folder["keys.txt"];
        string first = ToolProcess.Run("gallery", "key", "--out", keys, "--json").Json().GetProperty("key").GetString()!;
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keys));
        }

        Assert.Equal(96, Tool("rekey", gallery, "--keys", keys).Json().GetProperty("rewritten").GetInt32());
        Tool("list", gallery).FailsWith(1, "encrypted with key", first, "--keys");
        Assert.Equal(name, Best(gallery, image, "--keys", keys));
        string second = ToolProcess.Run("gallery", "key", "--out", keys, "--json").Json().GetProperty("key").GetString()!;
        Assert.NotEqual(first, second);
        Assert.Equal(96, Tool("rekey", gallery, "--keys", keys).Json().GetProperty("rewritten").GetInt32());
        string newest = File.ReadAllLines(keys)[0];
        Assert.Equal(name, Identify(gallery, [("SEMBLANCE_GALLERY_KEYS", newest)], image).GetProperty("results")[0].GetProperty("candidates")[0].GetProperty("subject").GetString());

        string copy = _folder["clear.db"];
        Assert.Equal(96, Tool("copy", gallery, "--keys", keys, "--to", copy).Json().GetProperty("added").GetInt32());
        Assert.Equal(name, Best(copy, image));
        Assert.False(Tool("show", copy).Json().GetProperty("encrypted").GetBoolean());
        Tool("rekey", gallery, "--keys", keys, "--decrypt").Json();
        Assert.Equal(name, Best(gallery, image));
    }

    [Fact]
    public void WrongInputIsToldInOneLine()
    {
        (string gallery, string name, _) = Enrolled();
        Tool("set", gallery, name).FailsWith(2, "nothing to set");
        Tool("set", gallery, name, "--meta", "site").FailsWith(2, "'site'", "KEY=VALUE");
        Tool("set", gallery, name, "--meta", "Site=x").FailsWith(2, "'Site'");
        Tool("set", gallery, name, "--expires", "soon").FailsWith(2, "'soon'", "30d");
        Tool("set", gallery, name, "--expires", "2001-01-01").FailsWith(2, "past", "gallery remove");
        Tool("set", gallery, name + "x", "--external-id", "1").FailsWith(1, name + "x", $"did you mean '{name}'");
        Tool("show", gallery, "nobody").FailsWith(1, "'nobody'", "gallery list");
        Tool("threshold", gallery).FailsWith(2, "--of-model");
        Tool("threshold", gallery, "7").FailsWith(2, "7", "-1 to 1");
        Tool("rekey", gallery).FailsWith(2, "--keys", "gallery key");
        Tool("list", "mysql://host/people").FailsWith(2, "mysql", "FILE.db");
        File.WriteAllText(_folder["keys.txt"], "not a key");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder["keys.txt"], UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.UserWrite);
            Tool("list", gallery, "--keys", _folder["keys.txt"]).FailsWith(1, "keys.txt", "chmod 600");
            File.SetUnixFileMode(_folder["keys.txt"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Tool("list", gallery, "--keys", _folder["keys.txt"]).FailsWith(1, "keys.txt", "32 bytes");
        Assert.Empty(Tool("purge", gallery).Json().GetProperty("removed").EnumerateArray());
    }

    private (string Gallery, string Name, string Image) Enrolled(params string[] more)
    {
        string gallery = _folder["people.db"];
        ToolProcess.Run(["enroll", "--gallery", gallery, "--model", world.Model, "--data", world.Others, "--json", .. more]).Json();
        string person = Directory.GetDirectories(world.Others).Order(StringComparer.Ordinal).First();
        return (gallery, Path.GetFileName(person), Directory.GetFiles(person).Order(StringComparer.Ordinal).First());
    }

    private static ToolResult Tool(string command, string gallery, params string[] more) => ToolProcess.Run(["gallery", command, "--gallery", gallery, .. more, "--json"]);

    private JsonElement Identify(string gallery, string image, params string[] more) => Identify(gallery, [], [image, .. more]);

    private JsonElement Identify(string gallery, (string Name, string Value)[] environment, params string[] more) =>
        ToolProcess.Run(["identify", "--gallery", gallery, "--model", world.Model, "--json", .. more], environment).Json();

    private string? Best(string gallery, string image, params string[] more) =>
        Identify(gallery, image, more).GetProperty("results")[0].GetProperty("candidates") is { } candidates && candidates.GetArrayLength() > 0
            ? candidates[0].GetProperty("subject").GetString()
            : null;
}
