namespace Semblance.Data.Sources;

/// <summary>Reads a whole file with failures a person understands.</summary>
internal static class FileReader
{
    /// <summary>The content of a file.</summary>
    /// <exception cref="UnreadableImageException">It is missing or cannot be read.</exception>
    public static byte[] Read(string path, string name)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UnreadableImageException(name, "there is no such file", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnreadableImageException(name, Directory.Exists(path) ? "is a folder, an image file was expected" : "may not be read (permissions)", e);
        }
        catch (IOException e)
        {
            throw new UnreadableImageException(name, $"cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }
}
