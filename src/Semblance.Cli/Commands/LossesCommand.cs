using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Training.Objectives;

namespace Semblance.Cli.Commands;

/// <summary><c>losses</c>: the names that --loss takes, and the parameters of each.</summary>
internal sealed class LossesCommand : ToolCommand
{
    private readonly Argument<string?> _name = new("NAME") { Description = "A loss to describe; all are listed without it.", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Creates the command.</summary>
    public LossesCommand()
        : base("losses", "List the losses that 'train --loss' knows, or describe one with its parameters.", "losses", "losses arcface") => Add(_name);

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context) => values.GetValue(_name) is { } name
        ? One(ObjectiveRegistry.Describe(name))
        : All();

    private static CommandOutcome All()
    {
        ObjectiveDefinition[] losses = [.. ObjectiveRegistry.Names.Select(ObjectiveRegistry.Describe)];
        return new CommandOutcome(
            new { Losses = losses.Select(loss => new { loss.Name, loss.Summary, loss.NeedsIdentityBatches }) },
            output => output.Table(["loss", "what it is"], [.. losses.Select(loss => new[] { loss.Name, loss.Summary })]));
    }

    private static CommandOutcome One(ObjectiveDefinition loss) => new(
        new
        {
            loss.Name,
            loss.Summary,
            loss.NeedsIdentityBatches,
            Parameters = loss.Parameters.Select(parameter => new { parameter.Name, Default = parameter.DefaultText, parameter.Allowed, parameter.Description }),
        },
        output => Print(output, loss));

    private static void Print(ConsoleOutput output, ObjectiveDefinition loss)
    {
        output.Line($"{loss.Name}: {loss.Summary}");
        output.Line(loss.NeedsIdentityBatches ? "Batches hold several images of each person (images_per_identity of the stage)." : "Batches are shuffled.");
        foreach (ObjectiveParameter parameter in loss.Parameters)
        {
            output.Line();
            output.Line($"  {parameter.Name} = {parameter.DefaultText}");
            output.Line($"      {parameter.Description}");
            output.Line($"      Allowed: {parameter.Allowed}.");
        }

        if (loss.Parameters.Count > 0)
        {
            output.Line();
            output.Line($"Set one with: --set stages.0.loss_parameters.{loss.Parameters[0].Name}={loss.Parameters[0].DefaultText}");
        }
    }
}
