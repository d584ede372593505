using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Laboratory.Figures;

namespace Semblance.Cli.Commands;

/// <summary><c>lab tuples</c>: the gradient of pairwise losses against distance.</summary>
internal sealed class LabTuplesCommand : LabFigureCommand
{
    /// <summary>Creates the command.</summary>
    public LabTuplesCommand()
        : base(
            "tuples",
            "Draw how strongly pairwise losses push negatives away and pull positives near, against their distance.",
            "lab tuples --out figures",
            "lab tuples --json")
    {
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<IFigure> Figures(ParseResult values, CommandContext context) => LaboratoryFigures.Tuples();
}
