using Semblance.IO;

namespace Semblance.Laboratory.Comparing;

/// <summary>The layout of a comparison's folder.</summary>
/// <param name="Path">The folder.</param>
public sealed record ComparisonFolder(string Path)
{
    /// <summary>The page.</summary>
    public string PagePath => In("index.html");

    /// <summary>All figures as JSON.</summary>
    public string JsonPath => In("comparison.json");

    /// <summary>The pairs that are tested on.</summary>
    public string PairsPath => In("pairs.txt");

    /// <summary>The people left out of training, one a line.</summary>
    public string ExcludePath => In("excluded.txt");

    /// <summary>The folder of a training.</summary>
    /// <param name="run">The run.</param>
    public string RunOf(ComparedRun run) => In("runs", run.Name);

    /// <summary>The config of a training.</summary>
    /// <param name="run">The run.</param>
    public string ConfigOf(ComparedRun run) => In("configs", run.Name + ".yaml");

    /// <summary>What a training cost so far.</summary>
    /// <param name="run">The run.</param>
    public string CostOf(ComparedRun run) => In("costs", run.Name + ".json");

    /// <summary>What a finished training came to.</summary>
    /// <param name="run">The run.</param>
    public string ResultOf(ComparedRun run) => In("results", run.Name + ".json");

    /// <summary>Writes a file that decides the outcome; where it is there from before it must say the same.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">What it must hold.</param>
    /// <exception cref="UsageException">It holds something else: the folder's runs were made with other settings.</exception>
    /// <exception cref="SemblanceException">It cannot be written.</exception>
    internal static void Fix(string path, string text)
    {
        if (!File.Exists(path))
        {
            AtomicFile.WriteText(path, text);
            return;
        }

        string saved = File.ReadAllText(path);
        if (saved != text)
        {
            (string was, string now) = saved.Split('\n').Zip(text.Split('\n')).FirstOrDefault(pair => pair.First != pair.Second, (First: "(fewer or more lines)", Second: "(fewer or more lines)"));
            throw new UsageException($"{path}: this folder's runs were started with '{was.Trim()}', now '{now.Trim()}' is asked; give the same values as before, or another --out.");
        }
    }

    private string In(params string[] names) => System.IO.Path.Combine([Path, .. names]);
}
