using Spectre.Console;

namespace Semblance.Cli.Reporting;

/// <summary>What a command prints for people: lines, facts and tables on standard output.</summary>
internal sealed class ConsoleOutput
{
    /// <summary>Wider than any table of ours: rows stay whole in a file or a pipe, and a narrow terminal wraps them itself instead of squeezing columns.</summary>
    private const int Unlimited = 1000;

    private readonly IAnsiConsole _console;

    /// <summary>Creates the output.</summary>
    /// <param name="writer">Standard output.</param>
    public ConsoleOutput(TextWriter writer)
    {
        bool redirected = Console.IsOutputRedirected;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = InteractionSupport.No,
        });
        _console.Profile.Width = Unlimited;
    }

    /// <summary>One line of plain text.</summary>
    /// <param name="text">The text; markup in it has no meaning.</param>
    public void Line(string text = "") => _console.Write(new Paragraph(text + Environment.NewLine));

    /// <summary>Names with values, aligned, one pair a line.</summary>
    /// <param name="facts">The pairs; a null value leaves the line out.</param>
    public void Facts(params (string Name, string? Value)[] facts)
    {
        int width = facts.Where(fact => fact.Value is not null).Max(fact => fact.Name.Length);
        foreach ((string name, string? value) in facts)
        {
            if (value is not null)
            {
                Line($"{name.PadRight(width)}  {value}");
            }
        }
    }

    /// <summary>A table; columns after the first are aligned right where all their cells begin with a digit or a sign.</summary>
    /// <param name="headers">The column names.</param>
    /// <param name="rows">Cells, as many per row as there are headers.</param>
    public void Table(string[] headers, IReadOnlyList<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = true };
        for (int i = 0; i < headers.Length; i++)
        {
            int column = i;
            bool numeric = i > 0 && rows.Count > 0 && rows.All(row => row[column].Length == 0 || row[column][0] is (>= '0' and <= '9') or '-' or '–' or '+');
            table.AddColumn(new TableColumn(new Text(headers[i])) { Alignment = numeric ? Justify.Right : Justify.Left, NoWrap = true });
        }

        foreach (string[] row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        _console.Write(table);
    }
}
