using Semblance.Recognition.Packs;

namespace Semblance.Recognition.Tests.Packs;

public sealed class ModelLibraryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ModelLibrary _library;

    public ModelLibraryTests() => _library = new ModelLibrary(_folder.File("cache"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_library_that_nobody_has_used_is_empty()
    {
        Assert.Empty(_library.List());
        Assert.Empty(_library.Verify());
        Assert.False(Directory.Exists(_library.Folder));
    }

    [Fact]
    public void The_known_packs_say_what_they_are()
    {
        Assert.Equal(["faceplugin", "blazeface"], _library.Known.Select(known => known.Manifest.Name));
        PackManifest faceplugin = _library.Known[0].Manifest;
        Assert.Equal([ModelRole.Detector, ModelRole.Landmarks, ModelRole.Embedder], faceplugin.Models.Select(model => model.Role));
        Assert.Equal(0.335, faceplugin.Models[2].Embedder!.Thresholds["fmr=1e-3"]);
        Assert.False(faceplugin.Models[2].Embedder!.AddsMirrorImage);
    }

    [Theory]
    [InlineData("faceplugin")]
    [InlineData("faceplugin/embedder")]
    public void A_known_pack_that_is_not_installed_says_what_to_run(string name)
    {
        string expected = $"{name}: this model pack is not installed; run 'semblance models pull faceplugin'.";
        Assert.Equal(expected, Assert.Throws<SemblanceException>(() => _library.ResolveEmbedder(name)).Message);
        Assert.Equal(expected, Assert.Throws<SemblanceException>(() => _library.OpenDetector(name)).Message);
        Assert.Equal(expected, Assert.Throws<SemblanceException>(() => _library.DefaultDetectorFor(name)).Message);
    }

    [Fact]
    public void A_name_that_is_nearly_known_is_suggested()
    {
        string message = Assert.Throws<SemblanceException>(() => _library.ResolveEmbedder("facepluging")).Message;
        Assert.Contains("did you mean 'faceplugin'?", message);
        Assert.Contains("run 'semblance models pull faceplugin'", message);
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("./model")]
    [InlineData("a/b/c")]
    [InlineData("Model")]
    public void Paths_stay_paths(string path)
    {
        Assert.Equal(path, _library.ResolveEmbedder(path));
        Assert.Equal(new ResolvedDetector(path, path, null, null), _library.ResolveDetector(path));
        Assert.Null(_library.DefaultDetectorFor(path));
    }

    [Fact]
    public void A_model_of_a_pack_is_chosen_by_its_name()
    {
        string zip = _folder.File("two.zip");
        File.WriteAllBytes(zip, PackMaker.Zip(("a.onnx", new TinyModel(1).ToBytes()), ("b.onnx", new TinyModel(2).ToBytes())));
        _library.Installer(_ => { }).PullFile(zip);
        Assert.Equal("a.onnx", Path.GetFileName(_library.ResolveEmbedder("two")));
        Assert.Equal("b.onnx", Path.GetFileName(_library.ResolveEmbedder("two/b")));
        Assert.Contains("the model pack 'two' has no embedder 'c'", Assert.Throws<SemblanceException>(() => _library.ResolveEmbedder("two/c")).Message);
        Assert.Contains("has no detector; it has: a (embedder), b (embedder)", Assert.Throws<SemblanceException>(() => _library.ResolveDetector("two")).Message);
        Assert.Null(_library.DefaultDetectorFor("two"));
    }

    [Fact]
    public void Verify_tells_of_changed_and_missing_files_and_of_manifests()
    {
        InstalledPack mine = Add("mine"), other = Add("other"), broken = Add("broken");
        File.AppendAllText(mine.PathOf(mine.Manifest.Models[0]), "x");
        File.Delete(other.PathOf(other.Manifest.Models[0]));
        File.WriteAllText(Path.Combine(broken.Folder, PackManifest.FileName), "{");
        Add("fine");
        Assert.Equal(["broken", "mine", "other"], _library.Verify().Select(problem => problem.Pack));
        Assert.Equal(["fine", "mine", "other"], _library.List().Select(pack => pack.Name));
        Assert.Empty(_library.Verify("fine"));
        Assert.Contains("is missing", Assert.Throws<SemblanceException>(() => _library.ResolveEmbedder("other")).Message);
        Assert.Throws<SemblanceException>(() => _library.Verify("none"));
    }

    [Fact]
    public void Remove_takes_a_pack_out_whole_even_a_broken_one()
    {
        InstalledPack pack = Add("mine");
        File.Delete(Path.Combine(pack.Folder, PackManifest.FileName));
        _library.Remove("mine");
        Assert.Empty(Directory.GetFileSystemEntries(_library.Folder));
        Assert.Contains("no such model pack is installed", Assert.Throws<SemblanceException>(() => _library.Remove("mine")).Message);
        Assert.Throws<SemblanceException>(() => _library.Remove("../cache"));
    }

    private InstalledPack Add(string name) => _library.Installer(_ => { }).PullFile(new TinyModel().Write(_folder), name).Pack;
}
