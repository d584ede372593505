namespace Semblance.Recognition.Packs;

/// <summary>Paths inside packs: relative, with forward slashes, never leading out.</summary>
internal static class PackPath
{
    /// <summary>The path in its one spelling; null where it is rooted, leads out, or names nothing.</summary>
    public static string? Normalise(string path)
    {
        string[] parts = [.. path.Replace('\\', '/').Split('/').Where((part, i) => part != "." && (part.Length > 0 || i == 0))];
        bool safe = parts.Length > 0 && parts.All(part => part.Length > 0 && part != ".." && !part.Contains(':') && !part.Contains('\0'));
        return safe ? string.Join('/', parts) : null;
    }
}
