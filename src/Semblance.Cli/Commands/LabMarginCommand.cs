using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Laboratory.Figures;

namespace Semblance.Cli.Commands;

/// <summary><c>lab margin</c>: how a run's angles to the own class's centre moved.</summary>
internal sealed class LabMarginCommand : LabFigureCommand
{
    private readonly Option<string> _run = new("--run") { Description = "The run's folder; it may still train. Its loss must have class centres.", HelpName = "RUN", Required = true };

    /// <summary>Creates the command.</summary>
    public LabMarginCommand()
        : base(
            "margin",
            "Draw a run's histograms of the angle to the own class's centre, epoch by epoch, and the share of samples in each zone.",
            "lab margin --run runs/first --out figures",
            "lab margin --run runs/first --json") => Add(_run);

    /// <inheritdoc/>
    protected override IReadOnlyList<IFigure> Figures(ParseResult values, CommandContext context) => LaboratoryFigures.Margin(values.GetRequiredValue(_run));
}
