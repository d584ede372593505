using Semblance.Cli.Reporting;
using Semblance.Data.Inspection;

namespace Semblance.Cli.Commands;

/// <summary>A dataset's report for people.</summary>
internal static class DatasetReportPrinter
{
    private const int BarWidth = 40;
    /// <summary>Prints it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="path">The dataset as it was named.</param>
    /// <param name="report">The report.</param>
    public static void Print(ConsoleOutput output, string path, DatasetReport report)
    {
        output.Facts(
            ("dataset", path),
            ("people", Figures.Count(report.Identities)),
            ("images", Figures.Count(report.Images)),
            ("grey", report.GreyImages > 0 ? Figures.Count(report.GreyImages) : null),
            ("sizes", Sizes(report)),
            ("unreadable", Figures.Count(report.Unreadable.Count)),
            ("without a person", report.WithoutIdentity.Count > 0 ? $"{Figures.Count(report.WithoutIdentity.Count)} files beside the folders" : null),
            ("duplicates", $"{Figures.Count(report.DuplicatesWithin.Count)} groups within a person, {Figures.Count(report.DuplicatesAcross.Count)} across people"));
        PrintHistogram(output, report.ImagesPerIdentity);
        PrintList(output, "Unreadable:", [.. report.Unreadable.Select(image => $"{image.Path}: {image.Reason}")]);
        PrintList(output, "The same file under several people (a label is wrong):", [.. report.DuplicatesAcross.Select(group => string.Join(" = ", group))]);
        PrintList(output, "The same file twice within a person:", [.. report.DuplicatesWithin.Select(group => string.Join(" = ", group))]);
    }

    private static void PrintHistogram(ConsoleOutput output, IReadOnlyList<HistogramBin> bins)
    {
        int most = bins.Select(bin => bin.Identities).DefaultIfEmpty(1).Max();
        output.Table(
            ["images per person", "people", ""],
            [.. bins.Select(bin => new[]
            {
                bin.From == bin.To ? $"{bin.From}" : $"{bin.From}–{bin.To}",
                Figures.Count(bin.Identities),
                new string('█', Math.Max(1, (int)Math.Round((double)BarWidth * bin.Identities / most))),
            })]);
    }

    private static void PrintList(ConsoleOutput output, string title, string[] lines)
    {
        if (lines.Length == 0)
        {
            return;
        }

        output.Line(title);
        ListedLines.Print(output, lines, most: 20);
    }

    private static string? Sizes(DatasetReport report)
    {
        if (report.Sizes.Count == 0)
        {
            return null;
        }

        IEnumerable<string> sizes = report.Sizes.Take(3).Select(size => $"{size.Width}×{size.Height} ({Figures.Count(size.Images)})");
        int others = report.Sizes.Skip(3).Sum(size => size.Images) + report.OtherSizes;
        return string.Join(", ", sizes) + (others > 0 ? $", others ({Figures.Count(others)})" : "");
    }
}
