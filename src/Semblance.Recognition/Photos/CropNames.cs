namespace Semblance.Recognition.Photos;

/// <summary>
/// Names for what an alignment makes of photos: those of the photos without extension. A photo whose name another one in its folder has as well
/// (a.jpg, a.png) keeps its extension, and so does one whose sidecar would be the report.
/// </summary>
internal static class CropNames
{
    private static readonly string Report = Path.GetFileNameWithoutExtension(AlignmentReport.FileName);

    /// <summary>A name for each photo; null for those whose path leads out of the collection or occurs twice, as in a zip archive they may.</summary>
    /// <param name="photos">Paths with '/' between the parts.</param>
    public static string?[] Of(IReadOnlyList<string> photos)
    {
        string?[] names = [.. photos.Select(photo => StaysWithin(photo) ? photo[..^Path.GetExtension(photo).Length] : null)];
        for (bool changed = true; changed;)
        {
            // A name that is now longer may be another photo's: a.jpg of a.jpg and a.jpg.png.
            var counts = names.OfType<string>().CountBy(name => name, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
            changed = false;
            for (int i = 0; i < names.Length; i++)
            {
                if (names[i] is { } name && name != photos[i] && (counts[name] > 1 || name.Equals(Report, StringComparison.OrdinalIgnoreCase)))
                {
                    (names[i], changed) = (photos[i], true);
                }
            }
        }

        var taken = new HashSet<string>(OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        return [.. names.Select(name => name is not null && taken.Add(name) ? name : null)];
    }

    private static bool StaysWithin(string path) =>
        !path.Contains('\0') && !(OperatingSystem.IsWindows() && path.Contains(':')) && path.Split('/').All(part => part is not ("" or "." or ".."));
}
