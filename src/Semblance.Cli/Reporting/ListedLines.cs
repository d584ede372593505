namespace Semblance.Cli.Reporting;

/// <summary>Lists of which people see the beginning, and are told where the rest is.</summary>
internal static class ListedLines
{
    /// <summary>Prints the first lines, indented, and how many more there are.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="lines">All lines.</param>
    /// <param name="all">What lists all of them.</param>
    /// <param name="most">How many are printed.</param>
    public static void Print(ConsoleOutput output, IReadOnlyList<string> lines, string all = "--json", int most = 10)
    {
        foreach (string line in lines.Take(most))
        {
            output.Line($"  {line}");
        }

        if (lines.Count > most)
        {
            output.Line($"  … and {Figures.Count(lines.Count - most)} more; {all} lists all.");
        }
    }
}
