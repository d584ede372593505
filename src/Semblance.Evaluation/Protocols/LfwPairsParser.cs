using System.Globalization;

namespace Semblance.Evaluation.Protocols;

/// <summary>Reads the lines of a pairs file; the forms are told at <see cref="LfwPairs"/>.</summary>
internal static class LfwPairsParser
{
    private const int MaximumFolds = 1000;

    /// <summary>The image n of a name, without extension: Name/Name_%04d.</summary>
    public static string ImageOf(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name}/{name}_{number:D4}");

    /// <summary>Reads all lines.</summary>
    /// <param name="path">The file's name, for messages.</param>
    /// <param name="lines">Its lines.</param>
    public static List<LfwPair> Parse(string path, string[] lines)
    {
        int first = Array.FindIndex(lines, l => !string.IsNullOrWhiteSpace(l));
        if (first < 0)
        {
            throw new SemblanceException($"{path}: is empty; expected a header such as '10 300' and lines 'name n1 n2', or lines 'path1<TAB>path2<TAB>1'.");
        }

        string[] header = Fields(lines[first]);
        return header.Length <= 2 && header.All(f => f.Length > 0 && f.All(char.IsAsciiDigit))
            ? Lfw(path, lines, first, header)
            : Extended(path, lines, first);
    }

    private static List<LfwPair> Lfw(string path, string[] lines, int headerIndex, string[] header)
    {
        int folds = header.Length == 2 ? Whole(header[0]) ?? 0 : 1;
        int half = Whole(header[^1]) ?? 0;
        if (folds is < 1 or > MaximumFolds || half < 1 || half > int.MaxValue / (2 * folds))
        {
            throw Malformed(path, headerIndex + 1, lines[headerIndex], $"a header 'folds pairs' with 1 to {MaximumFolds} folds and at least 1 pair");
        }

        var pairs = new List<LfwPair>();
        for (int i = headerIndex + 1; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]))
            {
                continue;
            }

            if (pairs.Count == folds * 2 * half)
            {
                throw Malformed(path, i + 1, lines[i], $"the end of the file: its header announces {folds} × 2 × {half} pairs, and they are complete");
            }

            bool same = pairs.Count % (2 * half) < half;
            int fold = (pairs.Count / (2 * half)) + 1;
            string[] fields = Fields(lines[i]);
            int? firstNumber = fields.Length > 1 ? Whole(fields[1]) : null;
            int? secondNumber = Whole(fields[^1]);
            if (fields.Length != (same ? 3 : 4) || fields[0].Length == 0 || fields[^2].Length == 0 || firstNumber is null || secondNumber is null)
            {
                throw Malformed(path, i + 1, lines[i], same
                    ? $"a matched pair 'name n1 n2' (fold {fold})"
                    : $"a mismatched pair 'name1 n1 name2 n2' (fold {fold})");
            }

            string secondName = same ? fields[0] : fields[2];
            if (same ? firstNumber == secondNumber : fields[0] == secondName)
            {
                throw Malformed(path, i + 1, lines[i], same ? "two different images" : "two different people");
            }

            pairs.Add(new LfwPair(ImageOf(fields[0], firstNumber.Value), ImageOf(secondName, secondNumber.Value), same, fold, i + 1));
        }

        return pairs.Count == folds * 2 * half
            ? pairs
            : throw new SemblanceException(
                $"{path}: ends after {pairs.Count} pairs (line {lines.Length}), but its header announces {folds} × 2 × {half} = {folds * 2 * half}; is the file cut?");
    }

    private static List<LfwPair> Extended(string path, string[] lines, int start)
    {
        var pairs = new List<LfwPair>();
        for (int i = start; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]))
            {
                continue;
            }

            string[] fields = Fields(lines[i]);
            int? fold = fields.Length == 4 ? Whole(fields[3]) : 1;
            if (fields.Length is not (3 or 4) || fields[0].Length == 0 || fields[1].Length == 0 || fields[2] is not ("0" or "1")
                || fold is null or < 1 or > MaximumFolds)
            {
                string expected = "'path1<TAB>path2<TAB>1' (or 0) with an optional fold number";
                throw Malformed(path, i + 1, lines[i], pairs.Count == 0 ? $"a header such as '10 300', or {expected}" : expected);
            }

            string first = fields[0].Replace('\\', '/');
            string second = fields[1].Replace('\\', '/');
            if (first == second)
            {
                throw Malformed(path, i + 1, lines[i], "two different images");
            }

            pairs.Add(new LfwPair(first, second, fields[2] == "1", fold.Value, i + 1));
        }

        return pairs;
    }

    private static string[] Fields(string line) => line.Contains('\t', StringComparison.Ordinal)
        ? line.Split('\t', StringSplitOptions.TrimEntries)
        : line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static int? Whole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? n : null;

    private static SemblanceException Malformed(string path, int line, string text, string expected)
    {
        string shown = new([.. text.Take(80).Select(c => char.IsControl(c) && c != '\t' ? '?' : c)]);
        return new SemblanceException($"{path}: line {line}: '{shown.Replace("\t", " ", StringComparison.Ordinal)}': expected {expected}.");
    }
}
