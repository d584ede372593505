using System.Text.RegularExpressions;

namespace Semblance.Recognition.Packs;

/// <summary>Names of packs, which are names of folders too.</summary>
internal static partial class PackName
{
    public const string Rule = "lower-case letters, digits, '-', '_' and '.', beginning with a letter or digit, at most 64";

    public static bool IsValid(string name) => Pattern().IsMatch(name) && !name.EndsWith('.');

    /// <summary>A valid name from a file's, for example "My Run.onnx" to "my-run".</summary>
    public static string From(string file)
    {
        string stem = Path.GetFileName(file.TrimEnd('/', '\\'));
        foreach (string ending in (string[])[".tar.gz", ".tgz", ".zip", ".onnx"])
        {
            stem = stem.EndsWith(ending, StringComparison.OrdinalIgnoreCase) ? stem[..^ending.Length] : stem;
        }

        string name = Others().Replace(stem.ToLowerInvariant(), "-").Trim('-', '.', '_');
        name = name[..Math.Min(name.Length, 64)];
        return IsValid(name) ? name : "pack";
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex Pattern();

    [GeneratedRegex("[^a-z0-9._-]+")]
    private static partial Regex Others();
}
