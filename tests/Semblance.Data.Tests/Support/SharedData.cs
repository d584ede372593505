namespace Semblance.Data.Tests.Support;

/// <summary>Finds the research data beside the repository, where there is any.</summary>
internal static class SharedData
{
    /// <summary>The path of a shared file; skips the test where it is absent.</summary>
    public static string Require(string relative)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", relative);
            if (File.Exists(path))
            {
                return path;
            }
        }

        Assert.Skip($"shared/{relative} is not beside the repository.");
        return "";
    }
}
