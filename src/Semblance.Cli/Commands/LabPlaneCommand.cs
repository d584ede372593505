using System.CommandLine;
using System.Globalization;
using Semblance.Cli.Hosting;
using Semblance.Laboratory.Experiments;
using Semblance.Laboratory.Figures;

namespace Semblance.Cli.Commands;

/// <summary><c>lab plane</c>: what each loss makes of ten people in a plane.</summary>
internal sealed class LabPlaneCommand : LabFigureCommand
{
    private static readonly PlaneOptions Usual = new();

    private readonly Option<string?> _losses = new("--losses")
    {
        Description = "Which losses: names separated by commas, parameters behind colons, or a YAML list; sixteen usual ones without it.",
        HelpName = "LIST|FILE.yaml",
    };

    private readonly Option<int> _identities = new("--identities") { Description = "People, 2 to 20.", HelpName = "N", DefaultValueFactory = _ => Usual.Identities };
    private readonly Option<int> _steps = new("--steps") { Description = "Steps of each training.", HelpName = "N", DefaultValueFactory = _ => Usual.Steps };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Chooses people, weights and batches.", HelpName = "S", DefaultValueFactory = _ => Usual.Seed };

    /// <summary>Creates the command.</summary>
    public LabPlaneCommand()
        : base(
            "plane",
            "Train one small network with an embedding of two numbers with each loss, on the same drawn people, and draw where each puts photos it has not seen.",
            "lab plane --png --out figures",
            "lab plane --losses softmax,center:weight=0.1,cosface:margin=0.15 --out figures")
    {
        Add(_losses);
        Add(_identities);
        Add(_steps);
        Add(_seed);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<IFigure> Figures(ParseResult values, CommandContext context)
    {
        var options = new PlaneOptions { Identities = values.GetValue(_identities), Steps = values.GetValue(_steps), Seed = values.GetValue(_seed) };
        string? list = values.GetValue(_losses);
        string arguments = (list is null ? "" : $" --losses {(list.Any(char.IsWhiteSpace) ? $"\"{list}\"" : list)}")
            + Given("--identities", options.Identities, Usual.Identities) + Given("--steps", options.Steps, Usual.Steps) + Given("--seed", options.Seed, Usual.Seed);
        return LaboratoryFigures.Plane(list is null ? [] : LossChoice.ParseList(list), options, arguments, context.Progress, context.CancellationToken);
    }

    private static string Given<T>(string option, T value, T usual)
        where T : IFormattable, IEquatable<T> => value.Equals(usual) ? "" : $" {option} {value.ToString(null, CultureInfo.InvariantCulture)}";
}
