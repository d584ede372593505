namespace Semblance.Training.Loop;

/// <summary>Reads a file of identity names, one a line; blank lines and lines that start with # are passed over.</summary>
public static class IdentityList
{
    /// <summary>Reads the names.</summary>
    /// <param name="path">The file, or an empty string for none.</param>
    /// <exception cref="SemblanceException">The file cannot be read.</exception>
    public static IReadOnlySet<string> Read(string path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return new HashSet<string>();
        }

        try
        {
            return File.ReadLines(path)
                .Select(line => line.Trim())
                .Where(line => line.Length > 0 && line[0] != '#')
                .ToHashSet(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{path}: the list of identities cannot be read: {e.Message}", e);
        }
    }
}
