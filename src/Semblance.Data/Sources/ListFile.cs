namespace Semblance.Data.Sources;

/// <summary>A list of images: a line each, "path label", the label after the last blank; empty lines and lines that begin with '#' are skipped.</summary>
internal static class ListFile
{
    /// <summary>Reads the list.</summary>
    /// <param name="path">The list; paths in it are relative to its folder, or absolute.</param>
    /// <exception cref="SemblanceException">A line has no label, a path occurs twice, or no path exists.</exception>
    public static IReadOnlyList<ListedImage> Read(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var images = new List<ListedImage>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        int number = 0;
        foreach (string raw in ReadLines(path))
        {
            number++;
            string line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            int split = line.LastIndexOfAny([' ', '\t']);
            if (split < 0 || line.Contains('\0', StringComparison.Ordinal))
            {
                throw new SemblanceException($"{path}: line {number} is '{Shorten(line)}'; expected an image path, a blank and a label. A dataset is a folder, a zip archive or such a list.");
            }

            string name = line[..split].TrimEnd().Replace('\\', '/');
            name = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
            if (!lines.TryAdd(name, number))
            {
                throw new SemblanceException($"{path}: line {number}: '{name}' is listed in line {lines[name]} already.");
            }

            images.Add(new ListedImage(name, line[(split + 1)..], Path.Combine(folder, name)));
        }

        if (images.Count > 0 && !images.Any(image => File.Exists(image.File)))
        {
            throw new SemblanceException($"{path}: none of its {images.Count} paths exists; they are taken relative to {folder}.");
        }

        return images;
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static string Shorten(string line)
    {
        string clean = new([.. line.Take(60).Select(c => char.IsControl(c) ? '?' : c)]);
        return line.Length > 60 ? clean + "…" : clean;
    }
}

/// <summary>One line of a list.</summary>
internal sealed record ListedImage(string Name, string Label, string File);
