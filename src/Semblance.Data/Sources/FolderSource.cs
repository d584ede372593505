namespace Semblance.Data.Sources;

/// <summary>Files under a folder, or named by a list.</summary>
internal sealed class FolderSource : IImageSource
{
    private const int DeepestLevel = 8;
    private readonly string[] _files;

    /// <summary>A source of the given files, in the given order.</summary>
    public FolderSource(string[] files) => _files = files;

    /// <summary>All files below a folder, relative to it, with '/' between the parts.</summary>
    /// <exception cref="SemblanceException">A folder cannot be read.</exception>
    public static string[] List(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = DeepestLevel, IgnoreInaccessible = false, AttributesToSkip = 0 };
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*", options).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{folder}: cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public byte[] Read(int file, string name) => FileReader.Read(_files[file], name);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
