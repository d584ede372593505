using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Semblance.Cli.Tests;

/// <summary>Model packs through the tool, with a cache folder of the test's own.</summary>
public sealed class ModelsTests(SmallWorld world) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_trained_here_is_added_listed_verified_and_removed()
    {
        JsonElement added = Run("models", "add", world.Model, "--name", "mine", "--json").Json();
        Assert.False(added.GetProperty("was_there").GetBoolean());
        JsonElement pack = Run("models", "list", "--json").Json().GetProperty("installed")[0];
        Assert.Equal("mine", pack.GetProperty("name").GetString());
        JsonElement model = pack.GetProperty("models")[0];
        Assert.Equal("embedder", model.GetProperty("role").GetString());
        Assert.True(Run("models", "verify", "--json").Json().GetProperty("unharmed").GetBoolean());

        File.AppendAllText(model.GetProperty("path").GetString()!, "x");
        ToolResult verify = Run("models", "verify", "mine", "--json");
        Assert.Equal(1, verify.ExitCode);
        Assert.Contains("is damaged", verify.Document().GetProperty("problems")[0].GetProperty("problem").GetString());

        Run("models", "remove", "mine", "--json").Json();
        Assert.Equal(0, Run("models", "list", "--json").Json().GetProperty("installed").GetArrayLength());
    }

    [Fact]
    public void Known_packs_are_listed_before_they_are_installed()
    {
        ToolResult list = Run("models", "list");
        Assert.Equal(0, list.ExitCode);
        Assert.Contains("faceplugin", list.Output);
        Assert.Contains("Apache-2.0", list.Output);
        Assert.Contains("semblance models pull NAME", list.Output);
    }

    [Fact]
    public void The_licence_is_shown_before_anything_is_installed()
    {
        string pack = _folder["licensed"];
        Directory.CreateDirectory(pack);
        File.Copy(world.Model, Path.Combine(pack, "model.onnx"));
        File.WriteAllText(Path.Combine(pack, "LICENSE"), "Permission is granted to everybody.\n");
        ToolResult pull = Run("models", "pull", pack);
        Assert.Equal(0, pull.ExitCode);
        Assert.Contains("Permission is granted to everybody.", pull.Error);
        Assert.Equal("Permission is granted to everybody.\n", File.ReadAllText(Path.Combine(Cache, "licensed", "LICENSE.txt")));
        ToolResult bare = Run("models", "add", world.Model, "--name", "bare");
        Assert.Contains("bare states no licence", bare.Error);
    }

    [Fact]
    public void Without_npm_the_way_around_is_told()
    {
        Start("models", "pull", "faceplugin").FailsWith(1, "npm is not on the PATH", "npm pack faceplugin-face-recognition-js@0.0.1", "semblance models pull FILE.tgz");
        RequireUnchanged();

        ToolResult Start(params string[] arguments) => Run(arguments, ("PATH", Directory.CreateDirectory(_folder["no-npm"]).FullName));
    }

    [Fact]
    public void An_npm_without_a_network_is_told_in_its_words()
    {
        RunWithNpm("echo 'npm error code ENOTFOUND' >&2; echo 'npm error network request to a registry failed' >&2; exit 1")
            .FailsWith(1, "ENOTFOUND", "network request to a registry failed", "Nothing in the cache has changed.");
        RequireUnchanged();
    }

    [Fact]
    public void An_npm_that_brings_another_file_is_refused()
    {
        RunWithNpm("echo something > package.tgz").FailsWith(1, "expected sha512-", "Nothing in the cache has changed.");
        RequireUnchanged();
    }

    [Fact]
    public void A_download_with_a_wrong_hash_changes_nothing()
    {
        using var server = new OneFile(File.ReadAllBytes(world.Model), null);
        Run("models", "pull", "--url", server.Address, "--sha256", new string('0', 64)).FailsWith(1, server.Address, "its SHA-256 is", "Nothing in the cache has changed.");
        RequireUnchanged();
    }

    [Fact]
    public void A_half_download_changes_nothing_and_is_gone_on_with()
    {
        byte[] model = File.ReadAllBytes(world.Model);
        string hash = Convert.ToHexStringLower(SHA256.HashData(model));
        using (var broken = new OneFile(model, 1000))
        {
            Run("models", "pull", "--url", broken.Address, "--sha256", hash).FailsWith(1, broken.Address, "the download failed", "the same command goes on from there");
            RequireUnchanged();
        }

        using var server = new OneFile(model, null);
        Assert.Equal("model", Run("models", "pull", "--url", server.Address, "--sha256", hash, "--json").Json().GetProperty("pack").GetProperty("name").GetString());
    }

    [Fact]
    public void A_server_that_is_not_there_is_told()
    {
        string address;
        using (var server = new OneFile([], null))
        {
            address = server.Address;
        }

        Run("models", "pull", "--url", address, "--sha256", new string('0', 64)).FailsWith(1, address, "the download failed");
        RequireUnchanged();
    }

    [Fact]
    public void A_full_disk_changes_nothing()
    {
        string disk = _folder["disk"];
        using SmallDisk full = SmallDisk.Mount(disk, "64k");
        Run(["models", "add", world.Model, "--name", "mine"], ("SEMBLANCE_MODELS", Path.Combine(disk, "models")))
            .FailsWith(1, "No space left on device", "Nothing in it has changed.");
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(disk, "models")));
    }

    [Theory]
    [InlineData(2, "give either a pack's name or file, or --url", "models", "pull")]
    [InlineData(2, "--url needs --sha256", "models", "pull", "--url", "http://127.0.0.1/x.zip")]
    [InlineData(2, "begins with http:// or https://", "models", "pull", "--url", "x.zip", "--sha256", "00")]
    [InlineData(1, "did you mean 'faceplugin'?", "models", "pull", "facplugin")]
    [InlineData(1, "no such file", "models", "pull", "none.zip")]
    [InlineData(1, "no such file", "models", "add", "none.onnx")]
    [InlineData(1, "is not installed; run 'semblance models pull blazeface'", "models", "verify", "blazeface")]
    [InlineData(1, "no such model pack is installed", "models", "remove", "blazeface")]
    public void Wrong_words_are_told_in_a_line(int exitCode, string part, params string[] arguments)
    {
        Run(arguments).FailsWith(exitCode, part);
        RequireUnchanged();
    }

    [Fact]
    public void A_pull_that_is_killed_leaves_nothing_half()
    {
        byte[] model = File.ReadAllBytes(world.Model);
        string hash = Convert.ToHexStringLower(SHA256.HashData(model));
        using (var stalled = new OneFile(model, 1000, stalls: true))
        {
            using Process process = ToolProcess.Start(["models", "pull", "--url", stalled.Address, "--sha256", hash], ("SEMBLANCE_MODELS", Cache));
            Assert.True(SpinWait.SpinUntil(() => stalled.Sent, TimeSpan.FromSeconds(60)));
            process.Kill();
            process.WaitForExit();
        }

        RequireUnchanged();
        Run("models", "add", world.Model, "--name", "mine", "--json").Json();
        Assert.Equal([".downloads", "mine"], Directory.GetFileSystemEntries(Cache).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private string Cache => _folder["cache"];

    private ToolResult Run(params string[] arguments) => Run(arguments, ("SEMBLANCE_MODELS", Cache));

    private ToolResult Run(string[] arguments, params (string Name, string Value)[] environment) =>
        ToolProcess.Run(arguments, environment.Any(each => each.Name == "SEMBLANCE_MODELS") ? environment : [.. environment, ("SEMBLANCE_MODELS", Cache)]);

    private ToolResult RunWithNpm(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "npm's place is taken by a shell script");
        string folder = Directory.CreateDirectory(_folder["bin"]).FullName;
        string npm = Path.Combine(folder, "npm");
        File.WriteAllText(npm, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(npm, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return Run(["models", "pull", "faceplugin"], ("PATH", $"{folder}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}"));
    }

    /// <summary>No pack has come or gone, and nothing lies about but what a download keeps and what the next command clears away.</summary>
    private void RequireUnchanged()
    {
        Assert.Equal(0, Run("models", "list", "--json").Json().GetProperty("installed").GetArrayLength());
        Assert.Empty(Directory.Exists(Cache) ? Directory.GetDirectories(Cache).Where(folder => !Path.GetFileName(folder).StartsWith('.')) : []);
    }

    /// <summary>Serves one file, or its first bytes, over HTTP on this machine.</summary>
    private sealed class OneFile : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly byte[] _content;
        private readonly int? _cut;
        private readonly bool _stalls;

        public OneFile(byte[] content, int? cut, bool stalls = false)
        {
            (_content, _cut, _stalls) = (content, cut, stalls);
            _listener.Start();
            _ = ServeAsync();
        }

        public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/model.onnx";

        public bool Sent { get; private set; }

        public void Dispose() => _listener.Stop();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using TcpClient client = await _listener.AcceptTcpClientAsync();
                    NetworkStream stream = client.GetStream();
                    using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                    while (await reader.ReadLineAsync() is { Length: > 0 })
                    {
                    }

                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {_content.Length}\r\nConnection: close\r\n\r\n"));
                    await stream.WriteAsync(_content.AsMemory(0, _cut ?? _content.Length));
                    Sent = true;
                    if (_stalls)
                    {
                        await reader.ReadLineAsync();
                    }
                }
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
