using System.Globalization;

namespace Semblance.Cli.Commands;

/// <summary>The value of <c>--folds</c>: fold numbers with commas between.</summary>
internal static class FoldList
{
    /// <summary>Reads the numbers.</summary>
    /// <param name="list">For example 9,10.</param>
    /// <exception cref="UsageException">A part is no number.</exception>
    public static int[] Parse(string list) => [.. list.Split(',', StringSplitOptions.TrimEntries).Select(part =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int fold)
            ? fold
            : throw new UsageException($"--folds is '{list}'; expected fold numbers with commas between, for example 9,10."))];
}
