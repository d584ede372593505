namespace Semblance.Recognition.Packs;

/// <summary>
/// A folder beside the packs in which one is made ready, so that it appears by a single rename. A lock file held open tells those of living
/// processes from those that a killed one left, which the next removes.
/// </summary>
internal sealed class StagingFolder : IDisposable
{
    private const string Prefix = ".staging-";
    private const string LockSuffix = ".lock";
    private readonly FileStream _lock;

    private StagingFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    public static StagingFolder Create(string root)
    {
        Directory.CreateDirectory(root);
        RemoveAbandoned(root);
        string path = System.IO.Path.Combine(root, Prefix + Guid.NewGuid().ToString("N"));
        var held = new FileStream(path + LockSuffix, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        try
        {
            Directory.CreateDirectory(path);
            return new StagingFolder(path, held);
        }
        catch
        {
            held.Dispose();
            File.Delete(path + LockSuffix);
            throw;
        }
    }

    /// <summary>An empty folder within.</summary>
    public string Folder(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    public void Dispose()
    {
        RemoveQuietly(Path);
        _lock.Dispose();
        RemoveQuietly(Path + LockSuffix);
    }

    private static void RemoveAbandoned(string root)
    {
        foreach (string held in Directory.GetFiles(root, $"{Prefix}*{LockSuffix}"))
        {
            try
            {
                new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            }
            catch (IOException)
            {
                continue; // Its process lives.
            }

            RemoveQuietly(held[..^LockSuffix.Length]);
            RemoveQuietly(held);
        }
    }

    private static void RemoveQuietly(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is left does no harm; the next one tries again.
        }
    }
}
