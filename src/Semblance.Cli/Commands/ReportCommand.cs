using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Laboratory.Runs;
using Semblance.Training.Loop;

namespace Semblance.Cli.Commands;

/// <summary><c>report</c>: a run's curves and warnings as a page.</summary>
internal sealed class ReportCommand : ToolCommand
{
    private readonly Option<string> _run = new("--run") { Description = "The run's folder; it may still train.", HelpName = "RUN", Required = true };
    private readonly Option<string?> _out = new("--out") { Description = "The page; report.html in the run's folder where it is not given.", HelpName = "FILE.html" };

    /// <summary>Creates the command.</summary>
    public ReportCommand()
        : base(
            "report",
            "Draw a run's curves and what the watch over its training has to say, as one page. 'train' does so at its end.",
            "report --run runs/first",
            "report --run runs/first --out first.html")
    {
        Add(_run);
        Add(_out);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        RunFolder run = RunFolder.Open(values.GetRequiredValue(_run));
        string path = values.GetValue(_out) ?? run.ReportPath;
        var page = new RunPage(run);
        page.ToReport().Write(path);
        return new CommandOutcome(
            new { Report = path, page.Warnings },
            output =>
            {
                output.Facts([("report", path), .. page.Warnings.Select(warning => ($"step {warning.Step}", (string?)warning.Message))]);
            });
    }
}
