namespace Semblance.Laboratory.Checking;

/// <summary>Finds case files.</summary>
public static class CaseCollection
{
    /// <summary>The files of some paths: a file is itself, a folder all .json files in it and below, in the order of their names.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <exception cref="SemblanceException">A path does not exist, or a folder holds no .json file.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        List<string> files = [];
        foreach (string path in paths)
        {
            if (File.Exists(path))
            {
                files.Add(path);
                continue;
            }

            if (!Directory.Exists(path))
            {
                throw new SemblanceException($"There is no file or folder '{path}'; give case files (.json) or folders of them.");
            }

            string[] found = [.. Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
            files.AddRange(found.Length > 0 ? found : throw new SemblanceException($"The folder '{path}' holds no case file (.json)."));
        }

        return files;
    }
}
