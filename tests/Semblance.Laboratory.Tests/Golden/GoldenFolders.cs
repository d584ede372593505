namespace Semblance.Laboratory.Tests.Golden;

/// <summary>Where the cases lie: ../shared/golden beside the repository (may be absent), and tests/golden within it.</summary>
internal static class GoldenFolders
{
    /// <summary>The references' cases, or null where the folder is absent.</summary>
    public static string? Shared => Above(Path.Combine("shared", "golden"));

    /// <summary>Our own cases for losses that the shared ones do not cover; null while there are none.</summary>
    public static string? Own => Above(Path.Combine("tests", "golden"));

    /// <summary>The case files below a folder, relative to it.</summary>
    public static IEnumerable<string> CasesIn(string folder) => Directory
        .EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(folder, f))
        .Order(StringComparer.Ordinal);

    private static string? Above(string folder)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, folder);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
