using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Training.Objectives;
using Semblance.Training.Tuples;

namespace Semblance.Cli.Commands;

/// <summary><c>miners</c>: the names that a loss's miner parameter takes, and the parameters of each.</summary>
internal sealed class MinersCommand : ToolCommand
{
    private readonly Argument<string?> _name = new("NAME") { Description = "A miner to describe; all are listed without it.", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Creates the command.</summary>
    public MinersCommand()
        : base("miners", "List the miners that losses over pairs and triplets know, or describe one with its parameters.", "miners", "miners semi-hard") => Add(_name);

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context) => values.GetValue(_name) is { } name
        ? One(MinerRegistry.Describe(name))
        : All();

    private static CommandOutcome All()
    {
        MinerDefinition[] miners = [.. MinerRegistry.Names.Select(MinerRegistry.Describe)];
        return new CommandOutcome(
            new { Miners = miners.Select(miner => new { miner.Name, miner.Summary }) },
            output => output.Table(["miner", "what it is"], [.. miners.Select(miner => new[] { miner.Name, miner.Summary })]));
    }

    private static CommandOutcome One(MinerDefinition miner) => new(
        new
        {
            miner.Name,
            miner.Summary,
            Parameters = miner.Parameters.Select(parameter => new { parameter.Name, Default = parameter.DefaultText, parameter.Allowed, parameter.Description }),
        },
        output => Print(output, miner));

    private static void Print(ConsoleOutput output, MinerDefinition miner)
    {
        output.Line($"{miner.Name}: {miner.Summary}");
        foreach (ObjectiveParameter parameter in miner.Parameters)
        {
            output.Line();
            output.Line($"  {parameter.Name} = {parameter.DefaultText}");
            output.Line($"      {parameter.Description}");
            output.Line($"      Allowed: {parameter.Allowed}.");
        }

        output.Line();
        output.Line($"Choose it with: --set stages.0.loss_parameters.miner={miner.Name}");
        if (miner.Parameters.Count > 0)
        {
            output.Line($"With a parameter: --set 'stages.0.loss_parameters.miner={{name: {miner.Name}, {miner.Parameters[0].Name}: VALUE}}'");
        }
    }
}
