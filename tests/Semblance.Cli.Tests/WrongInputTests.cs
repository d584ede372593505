namespace Semblance.Cli.Tests;

/// <summary>Whatever is handed in wrongly is answered by one line and an exit code.</summary>
public sealed class WrongInputTests(SmallWorld world) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void AMissingFolder() => ToolProcess.Run("train", "--data", _folder["nowhere"], "--out", _folder["run"]).FailsWith(1, _folder["nowhere"]);

    [Fact]
    public void AnEmptyFolder()
    {
        Directory.CreateDirectory(_folder["empty"]);

        ToolProcess.Run("train", "--data", _folder["empty"], "--out", _folder["run"]).FailsWith(1, _folder["empty"], "image");
    }

    [Fact]
    public void OnePersonOnly()
    {
        Copy(Directory.GetDirectories(world.People)[0], _folder["one", "only"]);

        ToolProcess.Run("train", "--data", _folder["one"], "--out", _folder["run"], "--input-size", "64").FailsWith(1, _folder["one"], "2");
    }

    [Fact]
    public void APairsFileThatNamesAMissingImage()
    {
        string[] lines = File.ReadAllLines(world.Pairs);
        lines[6] = lines[6].Replace("id_", "nobody_", StringComparison.Ordinal);
        File.WriteAllLines(_folder["pairs.txt"], lines);

        ToolProcess.Run("evaluate", "--model", world.Model, "--data", world.Others, "--pairs", _folder["pairs.txt"])
            .FailsWith(1, "pairs.txt", "line 7", "nobody_");
    }

    [Fact]
    public void ValidationPairsThatNameAMissingImageAreToldBeforeTraining() =>
        ToolProcess.Run("train", "--data", world.People, "--out", _folder["run"], "--input-size", "64", "--pairs", world.Pairs)
            .FailsWith(1, "pairs.txt", "line 2", "id_01");

    [Fact]
    public void AMistypedPathDoesNotBlockTheRunsFolder()
    {
        string[] rest = ["--out", _folder["run"], "--epochs", "1", "--batch", "64", "--input-size", "64", "--embedding-size", "32", "--json"];
        ToolProcess.Run(["train", "--data", _folder["typo"], .. rest]).FailsWith(1, "typo");

        ToolProcess.Run(["train", "--data", world.People, .. rest]).Json();
    }

    [Fact]
    public void ATextFileNamedAsAnImage()
    {
        File.WriteAllText(_folder["fake.jpg"], "This is no picture.");

        ToolProcess.Run("verify", "--model", world.Model, _folder["fake.jpg"], AnImage()).FailsWith(1, "fake.jpg");
    }

    [Fact]
    public void ATruncatedJpeg()
    {
        byte[] whole = File.ReadAllBytes(AnImage());
        File.WriteAllBytes(_folder["cut.jpg"], whole[..(whole.Length / 2)]);

        ToolProcess.Run("verify", "--model", world.Model, _folder["cut.jpg"], AnImage()).FailsWith(1, "cut.jpg");
    }

    [Fact]
    public void DamagedImagesInADatasetAreCountedAndNamedNotFatal()
    {
        Copy(world.Others, _folder["mixed"]);
        string person = Directory.GetDirectories(_folder["mixed"]).Order(StringComparer.Ordinal).First();
        File.WriteAllText(Path.Combine(person, "fake.jpg"), "This is no picture.");

        System.Text.Json.JsonElement report = ToolProcess.Run("data", "inspect", _folder["mixed"], "--json").Json();
        System.Text.Json.JsonElement enrolment = ToolProcess.Run(
            "enroll", "--gallery", _folder["g.db"], "--model", world.Model, "--data", _folder["mixed"], "--json").Json();

        Assert.EndsWith("fake.jpg", report.GetProperty("unreadable")[0].GetProperty("path").GetString(), StringComparison.Ordinal);
        Assert.NotEqual("", report.GetProperty("unreadable")[0].GetProperty("reason").GetString());
        Assert.EndsWith("fake.jpg", enrolment.GetProperty("skipped")[0].GetProperty("path").GetString(), StringComparison.Ordinal);
        Assert.Equal(96, enrolment.GetProperty("new_templates").GetInt32());
    }

    [Fact]
    public void AConfigWithAnUnknownKey()
    {
        File.WriteAllText(_folder["run.yaml"], "backbone: smallresnet\nembeding_size: 64\n");

        ToolProcess.Run("train", "--data", world.People, "--out", _folder["run"], "--config", _folder["run.yaml"])
            .FailsWith(2, "run.yaml", "line 2", "'embeding_size'", "'embedding_size'");
    }

    [Fact]
    public void AConfigWithAWrongType()
    {
        File.WriteAllText(_folder["run.yaml"], "stages:\n  - loss: arcface\n    epochs: many\n");

        ToolProcess.Run("train", "--data", world.People, "--out", _folder["run"], "--config", _folder["run.yaml"])
            .FailsWith(2, "run.yaml", "line 3", "epochs", "'many'", "whole number");
    }

    [Theory]
    [InlineData("--backbone", "smalresnet", "smallresnet")]
    [InlineData("--loss", "arcfase", "arcface")]
    [InlineData("--precision", "float23", "float32")]
    public void ANameThatDoesNotExist(string option, string value, string nearest) =>
        ToolProcess.Run("train", "--data", world.People, "--out", _folder["run"], "--input-size", "64", option, value).FailsWith(2, value, nearest);

    [Fact]
    public void ACheckpointCutInHalf()
    {
        Copy(world.Run, _folder["run"]);
        string checkpoint = _folder["run", "checkpoints", "last.safetensors"];
        byte[] whole = File.ReadAllBytes(checkpoint);
        File.WriteAllBytes(checkpoint, whole[..(whole.Length / 2)]);

        ToolProcess.Run("train", "--resume", "--out", _folder["run"]).FailsWith(1, "last.safetensors");
    }

    [Fact]
    public void AnOnnxFileThatIsNoFaceModel()
    {
        File.WriteAllText(_folder["text.onnx"], "This is no model.");

        ToolProcess.Run("verify", "--model", _folder["text.onnx"], AnImage(), AnImage()).FailsWith(1, "text.onnx");
        ToolProcess.Run("evaluate", "--model", _folder["none.onnx"], "--data", world.Others, "--pairs", world.Pairs).FailsWith(1, "none.onnx");
    }

    [Fact]
    public void AGalleryOfAnotherModel()
    {
        string person = Directory.GetDirectories(world.Others)[0];
        Copy(person, _folder["people", "someone"]);
        ToolProcess.Run("enroll", "--gallery", _folder["g.db"], "--model", world.Model, "--data", _folder["people"], "--json").Json();
        ToolProcess.Run(
            "train", "--data", world.People, "--out", _folder["other"], "--epochs", "1", "--batch", "64", "--input-size", "64", "--embedding-size", "64",
            "--seed", "9", "--json").Json();
        ToolProcess.Run("export", "--run", _folder["other"], "--out", _folder["other.onnx"], "--json").Json();

        ToolProcess.Run("identify", "--gallery", _folder["g.db"], "--model", _folder["other.onnx"], AnImage()).FailsWith(1, "g.db", "model");
    }

    [Fact]
    public void AGalleryThatIsMissing() =>
        ToolProcess.Run("identify", "--gallery", _folder["none.db"], "--model", world.Model, AnImage()).FailsWith(1, "none.db", "enroll");

    [Fact]
    public void AFullDiskWhileSaving()
    {
        using SmallDisk disk = SmallDisk.Mount(_folder["disk"], "256k");

        ToolProcess.Run("export", "--run", world.Run, "--out", _folder["disk", "model.onnx"]).FailsWith(1, "model.onnx", "space");
        Assert.Empty(Directory.GetFileSystemEntries(_folder["disk"]));
        ToolProcess.Run(
            "train", "--data", world.People, "--out", _folder["disk", "run"], "--epochs", "1", "--input-size", "64", "--embedding-size", "64").FailsWith(1, "space");
        Assert.Empty(Directory.GetFiles(_folder["disk", "run"], "*.tmp", SearchOption.AllDirectories));
    }

    public void Dispose() => _folder.Dispose();

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (string folder in Directory.GetDirectories(from))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    private string AnImage() => Directory.GetFiles(Directory.GetDirectories(world.Others)[0])[0];
}
