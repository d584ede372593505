namespace Semblance.Evaluation.Tests;

/// <summary>Finds files of the shared folder beside the repository; tests that need them are skipped where it is absent.</summary>
internal static class SharedFiles
{
    public static string FindOrSkip(string relativePath)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", relativePath);
            if (Path.Exists(candidate))
            {
                return candidate;
            }
        }

        Assert.Skip($"shared/{relativePath} does not lie beside the repository.");
        return "";
    }
}
