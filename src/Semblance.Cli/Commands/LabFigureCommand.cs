using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Laboratory.Figures;

namespace Semblance.Cli.Commands;

/// <summary>A command of the laboratory that draws figures: where to and as what is the same for all.</summary>
internal abstract class LabFigureCommand : ToolCommand
{
    private readonly Option<string> _out = new("--out") { Description = "The folder for the figures; it is made if need be.", HelpName = "DIR", DefaultValueFactory = _ => "laboratory" };
    private readonly Option<bool> _svg = new("--svg") { Description = "Write SVG files; this is also done where neither --svg nor --png is given." };
    private readonly Option<bool> _png = new("--png") { Description = "Write PNG files, two pixels for each of the SVG's." };

    /// <summary>Creates the command.</summary>
    /// <param name="name">The word on the command line.</param>
    /// <param name="description">One or two sentences for the help.</param>
    /// <param name="examples">Command lines for the help.</param>
    protected LabFigureCommand(string name, string description, params string[] examples)
        : base(name, description, examples)
    {
        Add(_out);
        Add(_svg);
        Add(_png);
    }

    /// <summary>Computes the figures.</summary>
    /// <param name="values">The parsed options.</param>
    /// <param name="context">Progress, log and cancellation.</param>
    protected abstract IReadOnlyList<IFigure> Figures(ParseResult values, CommandContext context);

    /// <inheritdoc/>
    public sealed override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        bool png = values.GetValue(_png);
        bool svg = values.GetValue(_svg) || !png;
        string folder = values.GetRequiredValue(_out);
        (IFigure Figure, IReadOnlyList<string> Files)[] drawn =
            [.. Figures(values, context).Select(figure => (figure, FigureFiles.Write(figure, folder, svg, png)))];
        return new CommandOutcome(
            new { Figures = drawn.Select(item => new { item.Figure.Name, item.Figure.Title, item.Figure.Caption, item.Figure.Command, item.Files, item.Figure.Numbers }) },
            output => Print(output, drawn));
    }

    private static void Print(ConsoleOutput output, (IFigure Figure, IReadOnlyList<string> Files)[] drawn)
    {
        foreach ((IFigure figure, IReadOnlyList<string> files) in drawn)
        {
            output.Line($"{string.Join(", ", files)}: {figure.Title}");
            if (figure is ITabulatedFigure table)
            {
                output.Table([.. table.Columns], [.. table.Rows.Select(row => row.ToArray())]);
            }
        }
    }
}
