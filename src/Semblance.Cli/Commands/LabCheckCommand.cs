using System.CommandLine;
using System.Globalization;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Laboratory.Checking;
using static TorchSharp.torch;

namespace Semblance.Cli.Commands;

/// <summary><c>lab check</c>: our losses, miners and metrics against cases of a reference.</summary>
internal sealed class LabCheckCommand : ToolCommand
{
    private readonly Argument<string[]> _paths = new("PATH") { Description = "Case files (.json), or folders of them.", Arity = ArgumentArity.OneOrMore };

    private readonly Option<string> _dtype = new("--dtype")
    {
        Description = "float64, float32 or both: the numbers to compute in.",
        HelpName = "DTYPE",
        DefaultValueFactory = _ => "both",
    };

    /// <summary>Creates the command.</summary>
    public LabCheckCommand()
        : base(
            "check",
            "Compare losses, gradients, mined tuples and metrics with those of a reference. The exit code is 1 if a case fails.",
            "lab check cases",
            "lab check arcface.json --dtype float32 --json")
    {
        Add(_paths);
        Add(_dtype);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        ScalarType[] dtypes = values.GetRequiredValue(_dtype) switch
        {
            "float64" => [ScalarType.Float64],
            "float32" => [ScalarType.Float32],
            "both" => [ScalarType.Float64, ScalarType.Float32],
            string other => throw new UsageException($"--dtype is '{other}'; expected float64, float32 or both."),
        };
        CheckReport report = CheckReport.Of(values.GetRequiredValue(_paths), dtypes, context.CancellationToken);
        return new CommandOutcome(
            new
            {
                report.Passed,
                report.Failed,
                report.Unchecked,
                Cases = report.Outcomes.Select(o => new
                {
                    o.File,
                    o.Loss,
                    o.Case,
                    o.Dtype,
                    o.Result,
                    o.Problem,
                    o.ExpectedLoss,
                    o.ActualLoss,
                    o.LossError,
                    Gradients = o.Gradients.ToDictionary(g => g.Name, g => g.Error),
                    Extras = o.Extras.Select(e => new { e.Name, e.Error, e.Passed }),
                }),
            },
            output => Print(output, report))
        {
            ExitCode = report.Failed > 0 ? ExitCode.Failure : ExitCode.Success,
        };
    }

    private static void Print(ConsoleOutput output, CheckReport report)
    {
        output.Table(
            ["result", "file", "loss", "dtype", "expected loss", "error of loss", "error of gradients", "further"],
            [.. report.Outcomes.Select(o => new[]
            {
                Word(o.Result),
                o.Alternatives.Count == 0 && o.Case.Contains('/', StringComparison.Ordinal) ? $"  as {o.Case.Split('/')[^1]}" : o.File,
                o.Loss,
                o.Dtype,
                o.ExpectedLoss is { } loss ? loss.ToString("G8", CultureInfo.InvariantCulture) : "–",
                o.LossError is { } error ? Error(error) : "–",
                o.Gradients.Count == 0 ? "–" : string.Join(", ", o.Gradients.Select(g => $"{g.Name["grad_".Length..]} {Error(g.Error)}")),
                o.Extras.Count == 0 ? "–" : $"{o.Extras.Count(e => e.Passed)}/{o.Extras.Count}",
            })]);
        foreach (CaseOutcome outcome in report.Outcomes.Where(o => o.Problem is not null))
        {
            output.Line($"{Word(outcome.Result)}: {outcome.File} ({outcome.Dtype}): {outcome.Problem}");
        }

        output.Line($"{Figures.Count(report.Passed)} passed, {Figures.Count(report.Failed)} failed, {Figures.Count(report.Unchecked)} not checked");
    }

    private static string Error(double error) => error.ToString("0.0e+0", CultureInfo.InvariantCulture);

    private static string Word(CaseResult result) => result switch
    {
        CaseResult.Pass => "pass",
        CaseResult.Fail => "FAIL",
        _ => "not checked",
    };
}
