using Semblance.Recognition.Packs;
using Semblance.Recognition.Packs.Sources;

namespace Semblance.Recognition.Tests.Packs;

/// <summary>With a script in npm's place, which says what npm says.</summary>
public sealed class NpmClientTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_tarball_that_npm_packs_is_taken_when_it_is_the_pinned_one()
    {
        byte[] tarball = PackMaker.Tarball(("package/LICENSE", [1]));
        await File.WriteAllBytesAsync(_folder.File("given"), tarball, Stop);
        WriteNpm($"""echo "$@" > "{_folder.File("asked")}"; cp "{_folder.File("given")}" "$PWD/some-1.0.0.tgz"; echo "[]" """);
        string path = await Fetch(PackMaker.Integrity(tarball));
        Assert.Equal(tarball, await File.ReadAllBytesAsync(path, Stop));
        Assert.StartsWith("pack some@1.0.0 --json", await File.ReadAllTextAsync(_folder.File("asked"), Stop));
    }

    [Fact]
    public async Task Another_tarball_is_refused()
    {
        WriteNpm("""echo x > some-1.0.0.tgz""");
        Assert.Contains("it is not the package that was pinned", await FailureOf());
    }

    [Fact]
    public async Task No_network_is_told_as_npm_tells_it()
    {
        WriteNpm("""echo '{ "error": { "code": "ENOTFOUND" } }'; echo 'npm error code ENOTFOUND' >&2; echo 'npm error network request failed' >&2; exit 1""");
        Assert.StartsWith("'npm pack some@1.0.0' failed: code ENOTFOUND; network request failed. Is there a network?", await FailureOf());
    }

    [Fact]
    public async Task An_npm_that_says_nothing_is_told_by_its_exit_code()
    {
        WriteNpm("exit 7");
        Assert.Contains("failed: exit code 7.", await FailureOf());
    }

    [Fact]
    public async Task An_npm_that_leaves_nothing_is_told()
    {
        WriteNpm("exit 0");
        Assert.Contains("left no tarball", await FailureOf());
    }

    [Fact]
    public async Task Without_npm_the_way_around_is_told()
    {
        string message = await FailureOf();
        Assert.StartsWith("npm is not on the PATH", message);
        Assert.Contains("npm pack some@1.0.0", message);
        Assert.Contains("semblance models pull FILE.tgz", message);
    }

    [Fact]
    public async Task Stopping_stops_npm()
    {
        WriteNpm($"""echo $$ > "{_folder.File("pid")}"; exec sleep 600""");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task<string> fetch = NpmClient.FetchAsync(new NpmPackage("some", "1.0.0", "sha512-"), Work(), _folder.File("bin"), stop.Token);
        while (!File.Exists(_folder.File("pid")) || (await File.ReadAllTextAsync(_folder.File("pid"), Stop)).Length == 0)
        {
            await Task.Delay(20, Stop);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
        string pid = (await File.ReadAllTextAsync(_folder.File("pid"), Stop)).Trim();
        for (int i = 0; i < 200 && Alive(pid); i++)
        {
            await Task.Delay(20, Stop);
        }

        Assert.False(Alive(pid));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static bool Alive(string pid)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(int.Parse(pid, System.Globalization.CultureInfo.InvariantCulture));
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private string Work() => Directory.CreateDirectory(_folder.File("work")).FullName;

    private Task<string> Fetch(string integrity) => NpmClient.FetchAsync(new NpmPackage("some", "1.0.0", integrity), Work(), _folder.File("bin"), Stop);

    private async Task<string> FailureOf()
    {
        string message = (await Assert.ThrowsAsync<SemblanceException>(() => Fetch("sha512-other"))).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private void WriteNpm(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "npm's place is taken by a shell script");
        string path = Path.Combine(Directory.CreateDirectory(_folder.File("bin")).FullName, "npm");
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
