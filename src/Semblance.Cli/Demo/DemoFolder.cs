namespace Semblance.Cli.Demo;

/// <summary>Where a demo puts its things. Each demo gets a folder of its own, so that two never mix.</summary>
internal sealed class DemoFolder
{
    private const string DefaultName = "semblance-demo";

    private DemoFolder(string path) => Path = path;

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The faces to train on.</summary>
    public string TrainingFaces => In("faces", "training");

    /// <summary>The faces of other people, to measure on.</summary>
    public string UnseenFaces => In("faces", "unseen");

    /// <summary>A list file of the unseen people's images that are enrolled.</summary>
    public string EnrolledList => In("faces", "enrolled.txt");

    /// <summary>The pairs to verify.</summary>
    public string Pairs => In("pairs.txt");

    /// <summary>The training run.</summary>
    public string Run => In("run");

    /// <summary>The exported model.</summary>
    public string Model => In("model.onnx");

    /// <summary>The gallery.</summary>
    public string Gallery => In("gallery.db");

    /// <summary>The report.</summary>
    public string Report => In("report.html");

    /// <summary>Chooses and makes the folder.</summary>
    /// <param name="wanted">The folder asked for, or null for a fresh one under the current folder.</param>
    /// <exception cref="UsageException">The folder asked for holds something already.</exception>
    public static DemoFolder Create(string? wanted)
    {
        string path = wanted ?? FirstFree();
        if (IsTaken(path))
        {
            throw new UsageException($"--out {path}: holds something already; name a new folder, or leave --out away for a fresh one.");
        }

        Directory.CreateDirectory(path);
        return new DemoFolder(path);
    }

    private static string FirstFree() => Enumerable.Range(1, int.MaxValue)
        .Select(number => number == 1 ? DefaultName : $"{DefaultName}-{number}")
        .First(name => !IsTaken(name));

    private static bool IsTaken(string path) =>
        File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any());

    private string In(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);
}
