using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Laboratory.Experiments;
using Semblance.Laboratory.Figures;

namespace Semblance.Cli.Commands;

/// <summary><c>lab page</c>: all figures on one page.</summary>
internal sealed class LabPageCommand : ToolCommand
{
    private readonly Option<string> _out = new("--out") { Description = "The folder for the page and its figures; it is made if need be.", HelpName = "DIR", DefaultValueFactory = _ => "laboratory" };
    private readonly SamplingSource _source = new();

    /// <summary>Creates the command.</summary>
    public LabPageCommand()
        : base(
            "page",
            "Draw all figures of the laboratory, as SVG and PNG, and write one page that shows them and works offline.",
            "lab page --out laboratory",
            "lab page --run runs/first --data faces --out laboratory")
    {
        Add(_out);
        _source.AddTo(this);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        (IdentityEmbeddings embeddings, string arguments) = _source.Open(values, context);
        IReadOnlyList<LaboratorySection> sections = LaboratoryFigures.Page(embeddings, _source.Seed(values), arguments);
        string page = LaboratoryPage.Write(values.GetRequiredValue(_out), sections, context.CancellationToken);
        IFigure[] figures = [.. sections.SelectMany(section => section.Figures)];
        return new CommandOutcome(
            new { Page = page, Figures = figures.Select(figure => new { figure.Name, figure.Title, figure.Caption, figure.Command, figure.Numbers }) },
            output => output.Line($"{page}: {figures.Length} figures."));
    }
}
