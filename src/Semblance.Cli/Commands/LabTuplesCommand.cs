using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Laboratory.Figures;

namespace Semblance.Cli.Commands;

/// <summary><c>lab tuples</c>: the gradient of pairwise losses against distance, and the force of each loss that bends no target logit.</summary>
internal sealed class LabTuplesCommand : LabFigureCommand
{
    private readonly Option<string?> _losses = new("--losses") { Description = "A figure of its own, named after it, for each of these losses, separated by commas: its push and pull with its defaults.", HelpName = "LIST" };
    private readonly Option<bool> _each = new("--each") { Description = "Such a figure for every loss that bends no target logit, as the losses' pages show them." };

    /// <summary>Creates the command.</summary>
    public LabTuplesCommand()
        : base(
            "tuples",
            "Draw how strongly pairwise losses push negatives away and pull positives near, against their distance.",
            "lab tuples --out figures",
            "lab tuples --losses triplet,circle,proxy-anchor --out figures",
            "lab tuples --each --out docs/losses/figures")
    {
        Add(_losses);
        Add(_each);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<IFigure> Figures(ParseResult values, CommandContext context)
    {
        string[] losses = NameList.Parse(values.GetValue(_losses));
        return (losses.Length > 0, values.GetValue(_each)) switch
        {
            (false, false) => LaboratoryFigures.Tuples(),
            (true, true) => throw new UsageException("--each draws every loss; leave out --losses beside it."),
            _ => LaboratoryFigures.EachForce(losses),
        };
    }
}
