using Semblance.Cli.Reporting;
using Semblance.Evaluation.Verification;

namespace Semblance.Cli.Commands;

/// <summary>Verification figures of several models, side by side.</summary>
internal static class VerificationTable
{
    /// <summary>Prints one row per model.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="rows">Names and figures; at least one, all of the same rates.</param>
    public static void Print(ConsoleOutput output, IReadOnlyList<(string Name, VerificationReport Figures)> rows)
    {
        string[] rates = [.. rows[0].Figures.TarAtFar.Keys];
        bool unsupported = rows[0].Figures.TarAtFar.Values.Any(point => !point.Supported);
        output.Table(
            ["model", "accuracy", "± s.e.", "AUC", "EER", .. rates.Select(rate => $"TAR@{rate}")],
            [.. rows.Select(row => (string[])
            [
                row.Name,
                Figures.Percent(row.Figures.Accuracy),
                Figures.Percent(row.Figures.AccuracyStandardError),
                Figures.Number(row.Figures.Auc),
                Figures.Percent(row.Figures.Eer),
                .. rates.Select(rate => row.Figures.TarAtFar[rate] is { Supported: true } point ? Figures.Percent(point.Tar) : "–"),
            ])]);
        if (unsupported)
        {
            output.Line($"– : {Figures.Count(rows[0].Figures.ImpostorPairs)} pairs of two people are too few to measure that rate.");
        }
    }
}
