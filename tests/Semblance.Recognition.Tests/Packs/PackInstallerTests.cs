using System.Text;
using Semblance.Models;
using Semblance.Onnx;
using Semblance.Recognition.Models;
using Semblance.Recognition.Packs;
using Semblance.Recognition.Packs.Sources;

namespace Semblance.Recognition.Tests.Packs;

public sealed class PackInstallerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ModelLibrary _library;
    private readonly List<PackLicence> _licences = [];

    public PackInstallerTests() => _library = new ModelLibrary(_folder.File("cache"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pack.zip")]
    [InlineData("pack.tgz")]
    [InlineData("pack.tar.gz")]
    [InlineData("folder")]
    public void A_pack_with_a_manifest_is_installed_from(string file)
    {
        PackInstallation installation = Installer().PullFile(Write(file, PackMaker.Pack()));
        Assert.False(installation.WasThere);
        Assert.Equal(["small"], _library.List().Select(pack => pack.Name));
        Assert.Empty(_library.Verify());
        Assert.Equal([new PackLicence("small", "MIT-0", PackMaker.Licence)], _licences);
        Assert.Equal(PackMaker.Licence, installation.Pack.ReadLicence().Text);
        RequireNothingElse("small");
    }

    [Fact]
    public void A_pack_in_a_folder_of_its_archive_is_found()
    {
        (string, byte[])[] files = [.. PackMaker.Pack().Select(file => ($"small-1.0/{file.Path}", file.Content))];
        Assert.Equal("small", Installer().PullFile(Write("x.zip", files)).Pack.Name);
    }

    [Fact]
    public void The_embedder_is_rewritten_and_says_what_it_is()
    {
        InstalledPack pack = Installer().PullFile(Write("pack.zip", PackMaker.Pack())).Pack;
        byte[] original = PackMaker.Embedder();
        string path = _library.ResolveEmbedder("small");
        Assert.Equal(original, File.ReadAllBytes(Path.Combine(pack.Folder, "embedder.onnx")));
        Assert.DoesNotContain("PRelu", ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph.Node.Select(node => node.OpType));
        ModelCard card = ModelFile.ReadCard(path);
        Assert.Equal(PackMaker.Hash(original), card.ModelFingerprint);
        Assert.Equal((127f, 128f, 64, false), (card.Preprocessing.Mean, card.Preprocessing.Std, card.EmbeddingSize, card.AddsMirrorImage));
        Assert.Equal(0.4, card.Thresholds["fmr=1e-3"]);
        using var embedder = OnnxFaceEmbedder.Open(path, 1);
        float[] embeddings = new float[2 * 64];
        embedder.Embed(new float[2 * 3 * 112 * 112], 2, embeddings);
        Assert.Equal(embeddings[..64], embeddings[64..]);
    }

    [Fact]
    public void A_model_trained_here_joins_as_it_is()
    {
        var model = new TinyModel();
        byte[] bytes = model.ToBytes();
        string path = model.Write(_folder, "My Run.onnx");
        Assert.Equal("my-run", Installer().PullFile(path).Pack.Name);
        Installer().PullFile(path, "mine");
        Assert.Equal(bytes, File.ReadAllBytes(_library.ResolveEmbedder("mine")));
        Assert.Equal(model.Card.ToMetadata(), ModelFile.ReadCard(_library.ResolveEmbedder("my-run")).ToMetadata());
    }

    [Fact]
    public void Models_without_a_manifest_are_recognised_by_their_graphs()
    {
        PackInstallation installation = Installer().PullFile(Write("buffalo.zip", ("w600k.onnx", PackMaker.Embedder()), ("genderage.onnx", PackMaker.Embedder(3))));
        Assert.Equal(["w600k"], installation.Pack.Manifest.Models.Select(model => model.Name));
        Assert.Contains(installation.Notes, note => note.StartsWith("genderage.onnx is no model of faces", StringComparison.Ordinal));
        Assert.Contains(installation.Notes, note => note.StartsWith("w600k.onnx was taken for an embedder", StringComparison.Ordinal));
        ModelCard card = ModelFile.ReadCard(_library.ResolveEmbedder("buffalo"));
        Assert.Equal((127.5f, 127.5f), (card.Preprocessing.Mean, card.Preprocessing.Std));
        Assert.Equal(PackManifest.UnknownLicense, installation.Pack.Manifest.License);
    }

    [Fact]
    public void A_known_tarball_is_recognised_by_its_hash_and_left_alone_the_second_time()
    {
        (PackCatalogue catalogue, string tarball) = Known(PackMaker.Embedder());
        var library = new ModelLibrary(_folder.File("cache"), catalogue);
        Assert.False(library.Installer(_licences.Add).PullFile(tarball).WasThere);
        Assert.Equal("npm some-package@1.0.0", library.Find("known")!.Manifest.Source);
        Assert.True(library.Installer(_licences.Add).PullFile(tarball).WasThere);
        Assert.True(library.Installer(_licences.Add).PullKnown("known", TestContext.Current.CancellationToken).WasThere);
        Assert.Single(_licences);
    }

    [Fact]
    public void A_damaged_pack_is_replaced_when_it_is_pulled_again()
    {
        (PackCatalogue catalogue, string tarball) = Known(PackMaker.Embedder());
        var library = new ModelLibrary(_folder.File("cache"), catalogue);
        InstalledPack pack = library.Installer(_licences.Add).PullFile(tarball).Pack;
        File.AppendAllText(library.ResolveEmbedder("known"), "x");
        Assert.Contains("is damaged", Assert.Throws<SemblanceException>(() => library.ResolveEmbedder("known")).Message);
        Assert.Single(library.Verify("known"));
        Assert.False(library.Installer(_licences.Add).PullFile(tarball).WasThere);
        Assert.Empty(library.Verify());
        RequireNothingElse("known");
        Assert.Equal(pack.Folder, library.Find("known")!.Folder);
    }

    [Fact]
    public void A_tarball_that_lacks_a_file_changes_nothing()
    {
        (PackCatalogue catalogue, string tarball) = Known(null);
        var library = new ModelLibrary(_folder.File("cache"), catalogue);
        string message = Assert.Throws<SemblanceException>(() => library.Installer(_licences.Add).PullFile(tarball)).Message;
        Assert.Contains("'package/embedder.onnx' is missing from it", message);
        RequireNothingElse();
    }

    [Fact]
    public void A_file_with_another_hash_changes_nothing()
    {
        Refused(Write("pack.zip", PackMaker.Pack(sha256: new string('0', 64))), "the SHA-256 of 'model/embedder.onnx' is ", "Nothing in the cache has changed.");
        Assert.Empty(_licences);
    }

    [Fact]
    public void An_archive_with_another_hash_changes_nothing()
    {
        string path = Write("pack.zip", PackMaker.Pack());
        string message = Assert.Throws<SemblanceException>(() => Installer().PullFile(path, sha256: new string('0', 64))).Message;
        Assert.Contains($"expected {new string('0', 64)}", message);
        RequireNothingElse();
        Assert.Equal("small", Installer().PullFile(path, sha256: PackMaker.Hash(File.ReadAllBytes(path)).ToUpperInvariant()).Pack.Name);
    }

    [Theory]
    [InlineData("../evil.onnx")]
    [InlineData("model/../../evil.onnx")]
    [InlineData("/tmp/evil.onnx")]
    [InlineData("..\\evil.onnx")]
    [InlineData("C:\\evil.onnx")]
    public void Paths_that_lead_out_are_refused(string path)
    {
        Refused(Write("pack.zip", [.. PackMaker.Pack(), (path, [1])]), "leads out of the pack");
        Refused(Write("pack.tgz", [.. PackMaker.Pack(), (path, [1])]), "leads out of the pack");
        Assert.False(File.Exists(_folder.File("evil.onnx")));
    }

    [Theory]
    [InlineData("pack.zip", false)]
    [InlineData("pack.tgz", false)]
    [InlineData("pack.tgz", true)]
    public void An_archive_cut_anywhere_changes_nothing(string file, bool withoutManifest)
    {
        byte[] whole = File.ReadAllBytes(Write(file, PackMaker.Pack()[(withoutManifest ? 2 : 0)..]));
        foreach (int length in (int[])[0, 1, 3, 10, 100, whole.Length / 2, whole.Length * 9 / 10])
        {
            string path = _folder.File($"cut-{length}-{file}");
            File.WriteAllBytes(path, whole[..length]);
            string message = Assert.Throws<SemblanceException>(() => Installer().PullFile(path)).Message;
            Assert.StartsWith(path, message);
            Assert.DoesNotContain('\n', message);
            RequireNothingElse();
        }
    }

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", "its format is 2")]
    [InlineData("\"small\"", "\"../small\"", "its name is '../small'")]
    [InlineData("\"role\": \"embedder\"", "\"role\": \"embeder\"", "role")]
    [InlineData("\"role\": \"embedder\"", "\"role\": \"detector\"", "has an 'embedder' although it is none")]
    [InlineData("\"std\": 128", "\"std\": 0", "std above 0")]
    [InlineData("\"flip\": false", "\"flap\": false", "flap")]
    [InlineData("model/embedder.onnx", "../embedder.onnx", "expected a path beside the manifest")]
    [InlineData("\"LICENSE\"", "\"/etc/passwd\"", "license_file")]
    [InlineData("\"embedding_size\": 64", "\"embedding_size\": 32", "its metadata promises float batch×32")]
    [InlineData("{", "[", "is no manifest")]
    public void A_manifest_without_sense_is_refused(string text, string replacement, string expected)
    {
        (string Path, byte[] Content)[] files = PackMaker.Pack();
        files[0].Content = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(files[0].Content).Replace(text, replacement));
        Refused(Write("pack.zip", files), expected);
    }

    [Fact]
    public void What_holds_no_known_model_is_no_pack()
    {
        Refused(Write("pack.zip", ("readme.txt", [1])), "it holds no ONNX file");
        Refused(Write("odd.zip", ("genderage.onnx", PackMaker.Embedder(3))), "are no detectors of a known family");
        File.WriteAllText(_folder.File("page.onnx"), "<html>404</html>");
        Refused(_folder.File("page.onnx"), "is no model pack");
        Refused(_folder.File("none.zip"), "no such file");
    }

    [Fact]
    public void Names_that_are_taken_or_no_names_are_usage_errors()
    {
        string path = Write("pack.zip", PackMaker.Pack());
        Installer().PullFile(path);
        Assert.Contains("is installed already", Assert.Throws<UsageException>(() => Installer().PullFile(path)).Message);
        Assert.Contains("is the name of a known model pack", Assert.Throws<UsageException>(() => Installer().PullFile(path, "faceplugin")).Message);
        Assert.Contains("--name is 'A b'", Assert.Throws<UsageException>(() => Installer().PullFile(path, "A b")).Message);
        Assert.Equal("other", Installer().PullFile(path, "other").Pack.Name);
    }

    [Fact]
    public void An_unknown_name_suggests_the_near_one() =>
        Assert.Contains("did you mean 'faceplugin'?", Assert.Throws<SemblanceException>(() => Installer().PullKnown("faceplugins", TestContext.Current.CancellationToken)).Message);

    [Fact]
    public void What_a_killed_pull_left_is_cleared_away_and_a_living_one_is_not()
    {
        string dead = Path.Combine(_library.Folder, ".staging-dead");
        Directory.CreateDirectory(dead);
        File.WriteAllText(Path.Combine(dead, "half.onnx"), "half");
        File.WriteAllText(dead + ".lock", "");
        using (var living = StagingFolder.Create(_library.Folder))
        {
            Assert.False(Path.Exists(dead));
            Installer().PullFile(Write("pack.zip", PackMaker.Pack()));
            Assert.True(Directory.Exists(living.Path));
        }

        RequireNothingElse("small");
    }

    [Fact]
    public void A_licence_that_is_not_accepted_stops_the_installation()
    {
        PackInstaller installer = _library.Installer(_ => throw new OperationCanceledException());
        Assert.Throws<OperationCanceledException>(() => installer.PullFile(Write("pack.zip", PackMaker.Pack())));
        RequireNothingElse();
    }

    private PackInstaller Installer() => _library.Installer(_licences.Add);

    private (PackCatalogue Catalogue, string Tarball) Known(byte[]? content)
    {
        byte[] embedder = PackMaker.Embedder();
        (string, byte[])[] files = [("package/package.json", "{}"u8.ToArray()), ("package/LICENSE", Encoding.UTF8.GetBytes(PackMaker.Licence))];
        byte[] bytes = PackMaker.Tarball(content is null ? files : [.. files, ("package/embedder.onnx", content)]);
        string path = _folder.File("some-package-1.0.0.tgz");
        File.WriteAllBytes(path, bytes);
        string manifest = PackMaker.Manifest("known", embedder).Replace("model/embedder.onnx", "package/embedder.onnx").Replace("\"LICENSE\"", "\"package/LICENSE\"");
        string json = $$"""[{ "npm": { "name": "some-package", "version": "1.0.0", "integrity": "{{PackMaker.Integrity(bytes)}}" }, "manifest": {{manifest}} }]""";
        return (PackCatalogue.Read(Encoding.UTF8.GetBytes(json), "test.json"), path);
    }

    private string Write(string name, params (string Path, byte[] Content)[] files)
    {
        string path = _folder.File(name);
        if (name == "folder")
        {
            foreach ((string file, byte[] content) in files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(path, file))!);
                File.WriteAllBytes(Path.Combine(path, file), content);
            }
        }
        else
        {
            File.WriteAllBytes(path, name.EndsWith(".zip", StringComparison.Ordinal) ? PackMaker.Zip(files) : PackMaker.Tarball(files));
        }

        return path;
    }

    private void Refused(string path, params string[] parts)
    {
        string message = Assert.Throws<SemblanceException>(() => Installer().PullFile(path)).Message;
        Assert.DoesNotContain('\n', message);
        Assert.All(parts, part => Assert.Contains(part, message));
        Assert.DoesNotContain(".staging", message);
        RequireNothingElse();
    }

    private void RequireNothingElse(params string[] packs)
    {
        string[] there = Directory.Exists(_library.Folder) ? [.. Directory.GetFileSystemEntries(_library.Folder).Select(entry => Path.GetFileName(entry)!)] : [];
        Assert.Equal(packs, there);
    }
}
