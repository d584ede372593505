using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Laboratory.Figures;

namespace Semblance.Cli.Commands;

/// <summary><c>lab curves</c>: what margin-based losses make of the target logit.</summary>
internal sealed class LabCurvesCommand : LabFigureCommand
{
    private readonly Option<string?> _losses = new("--losses") { Description = "Which losses, separated by commas; all that have a curve without it. A single one is drawn against softmax.", HelpName = "LIST" };
    private readonly Option<bool> _each = new("--each") { Description = "One figure for each loss, named after it, as the losses' pages show them." };
    private readonly Option<bool> _scaled = new("--scaled") { Description = "Multiply each curve by its scale: logits instead of cosines." };

    /// <summary>Creates the command.</summary>
    public LabCurvesCommand()
        : base(
            "curves",
            "Draw the target logit of margin-based losses against the angle, its slope and the gradient of the loss.",
            "lab curves --out figures",
            "lab curves --losses softmax,cosface,arcface --png --out figures",
            "lab curves --each --out docs/losses/figures")
    {
        Add(_losses);
        Add(_each);
        Add(_scaled);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<IFigure> Figures(ParseResult values, CommandContext context)
    {
        string[] losses = NameList.Parse(values.GetValue(_losses));
        return !values.GetValue(_each) ? LaboratoryFigures.Curves(losses, values.GetValue(_scaled))
            : losses.Length == 0 && !values.GetValue(_scaled) ? LaboratoryFigures.EachCurve()
            : throw new UsageException("--each draws every loss as its page shows it; leave out --losses and --scaled beside it.");
    }
}
