using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Training.Objectives;
using Semblance.Training.Sampling;

namespace Semblance.Cli.Commands;

/// <summary><c>samplers</c>: the names that a stage's sampler takes, and the parameters of each.</summary>
internal sealed class SamplersCommand : ToolCommand
{
    private readonly Argument<string?> _name = new("NAME") { Description = "A sampler to describe; all are listed without it.", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Creates the command.</summary>
    public SamplersCommand()
        : base("samplers", "List the samplers that a stage of 'train' knows, or describe one with its parameters.", "samplers", "samplers hard-identities") => Add(_name);

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context) => values.GetValue(_name) is { } name
        ? One(SamplerRegistry.Describe(name))
        : All();

    private static CommandOutcome All()
    {
        SamplerDefinition[] samplers = [.. SamplerRegistry.Names.Select(SamplerRegistry.Describe)];
        return new CommandOutcome(
            new { Samplers = samplers.Select(sampler => new { sampler.Name, sampler.Summary }) },
            output => output.Table(["sampler", "what it is"], [.. samplers.Select(sampler => new[] { sampler.Name, sampler.Summary })]));
    }

    private static CommandOutcome One(SamplerDefinition sampler) => new(
        new
        {
            sampler.Name,
            sampler.Summary,
            Parameters = sampler.Parameters.Select(parameter => new { parameter.Name, Default = parameter.DefaultText, parameter.Allowed, parameter.Description }),
        },
        output => Print(output, sampler));

    private static void Print(ConsoleOutput output, SamplerDefinition sampler)
    {
        output.Line($"{sampler.Name}: {sampler.Summary}");
        foreach (ObjectiveParameter parameter in sampler.Parameters)
        {
            output.Line();
            output.Line($"  {parameter.Name} = {parameter.DefaultText}");
            output.Line($"      {parameter.Description}");
            output.Line($"      Allowed: {parameter.Allowed}.");
        }

        output.Line();
        output.Line($"Choose it with: --set stages.0.sampler={sampler.Name}");
        if (sampler.Parameters.Count > 0)
        {
            output.Line($"With a parameter: --set 'stages.0.sampler={{name: {sampler.Name}, {sampler.Parameters[0].Name}: VALUE}}'");
        }
    }
}
