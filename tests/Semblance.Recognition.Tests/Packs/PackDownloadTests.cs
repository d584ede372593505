using Semblance.Recognition.Packs;

namespace Semblance.Recognition.Tests.Packs;

public sealed class PackDownloadTests : IDisposable
{
    private static readonly byte[] Pack = PackMaker.Zip(PackMaker.Pack());
    private readonly TemporaryFolder _folder = new();
    private readonly ModelLibrary _library;

    public PackDownloadTests() => _library = new ModelLibrary(_folder.File("cache"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_pack_comes_from_a_server()
    {
        using var server = new SmallServer(Pack);
        InstalledPack pack = Pull(server);
        Assert.Equal(server.Address(), pack.Manifest.Source);
        Assert.Empty(_library.Verify("small"));
        Assert.Empty(Parts());
    }

    [Fact]
    public void A_single_model_is_called_as_its_address_ends()
    {
        byte[] model = new TinyModel().ToBytes();
        using var server = new SmallServer(model);
        Assert.Equal("tiny", _library.Installer(_ => { }).PullUrl(server.Address("tiny.onnx?download=1"), PackMaker.Hash(model), cancellationToken: Stop).Pack.Name);
    }

    [Fact]
    public void A_broken_connection_is_taken_up_where_it_broke()
    {
        using var server = new SmallServer(Pack) { CutAfter = { [0] = 100, [1] = 50 } };
        Pull(server);
        Assert.Equal([null, "100", "150"], server.Ranges);
    }

    [Fact]
    public void A_server_that_knows_no_ranges_sends_all_again()
    {
        using var server = new SmallServer(Pack) { CutAfter = { [0] = 100 }, KnowsRanges = false };
        Pull(server);
        Assert.Equal([null, "100"], server.Ranges);
    }

    [Fact]
    public void A_half_download_changes_nothing_and_the_next_pull_goes_on_from_it()
    {
        using (var broken = new SmallServer(Pack) { CutAfter = { [0] = 100, [1] = 0, [2] = 0 } })
        {
            Assert.Contains("Nothing in the cache has changed. What has arrived is kept", FailureOf(broken));
        }

        Assert.Empty(_library.List());
        using var server = new SmallServer(Pack);
        Pull(server);
        Assert.Equal(["100"], server.Ranges);
        Assert.Empty(Parts());
    }

    [Fact]
    public void A_half_download_of_another_file_is_begun_anew()
    {
        Directory.CreateDirectory(Path.Combine(_library.Folder, ".downloads"));
        File.WriteAllBytes(Path.Combine(_library.Folder, ".downloads", PackMaker.Hash(Pack) + ".part"), new byte[64]);
        using var server = new SmallServer(Pack);
        Pull(server);
        Assert.Equal(["64", null], server.Ranges);
    }

    [Fact]
    public void A_part_longer_than_the_file_is_begun_anew()
    {
        Directory.CreateDirectory(Path.Combine(_library.Folder, ".downloads"));
        File.WriteAllBytes(Path.Combine(_library.Folder, ".downloads", PackMaker.Hash(Pack) + ".part"), new byte[Pack.Length + 5]);
        using var server = new SmallServer(Pack);
        Pull(server);
        Assert.Equal([$"{Pack.Length + 5}", null], server.Ranges);
    }

    [Fact]
    public void Another_file_than_the_one_asked_for_changes_nothing()
    {
        using var server = new SmallServer([1, 2, 3]);
        string message = FailureOf(server);
        Assert.Contains($"its SHA-256 is {PackMaker.Hash([1, 2, 3])}, expected {PackMaker.Hash(Pack)}", message);
        Assert.Empty(_library.List());
        Assert.Empty(Parts());
    }

    [Theory]
    [InlineData("404 Not Found", 1)]
    [InlineData("403 Forbidden", 1)]
    [InlineData("503 Service Unavailable", 3)]
    public void A_refusal_is_told_and_only_those_that_may_pass_are_tried_again(string status, int requests)
    {
        using var server = new SmallServer(Pack) { Status = status };
        Assert.Contains($"the server answered {status}", FailureOf(server));
        Assert.Equal(requests, server.Ranges.Count);
        Assert.Empty(_library.List());
    }

    [Fact]
    public void A_server_that_is_not_there_is_told()
    {
        string address;
        using (var server = new SmallServer(Pack))
        {
            address = server.Address();
        }

        string message = Assert.Throws<SemblanceException>(() => _library.Installer(_ => { }).PullUrl(address, PackMaker.Hash(Pack), cancellationToken: Stop)).Message;
        Assert.StartsWith($"{address}: the download failed: ", message);
        Assert.DoesNotContain("is kept", message);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/pack.zip", null, "--url")]
    [InlineData("pack.zip", null, "--url")]
    [InlineData("http://127.0.0.1/pack.zip", "abc", "--sha256")]
    public void What_is_no_address_or_hash_is_a_usage_error(string address, string? sha256, string part) =>
        Assert.Contains(part, Assert.Throws<UsageException>(() => _library.Installer(_ => { }).PullUrl(address, sha256 ?? new string('a', 64), cancellationToken: Stop)).Message);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private InstalledPack Pull(SmallServer server) => _library.Installer(_ => { }).PullUrl(server.Address(), PackMaker.Hash(Pack), cancellationToken: Stop).Pack;

    private string FailureOf(SmallServer server)
    {
        string message = Assert.Throws<SemblanceException>(() => Pull(server)).Message;
        Assert.StartsWith($"{server.Address()}: ", message);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private string[] Parts() => Directory.GetFiles(Path.Combine(_library.Folder, ".downloads"));
}
