using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Data.Inspection;

namespace Semblance.Cli.Commands;

/// <summary><c>data inspect</c>: what a dataset holds and what is wrong with it.</summary>
internal sealed class DataInspectCommand : ToolCommand
{
    private readonly Argument<string> _path = new("DIR|ZIP") { Description = "The dataset: a folder per person, a zip of such folders, or a list file." };

    /// <summary>Creates the command.</summary>
    public DataInspectCommand()
        : base(
            "inspect",
            "Count people and images, show the long tail, and name unreadable files and exact duplicates.",
            "data inspect faces",
            "data inspect lfw.zip --json") => Add(_path);

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        string path = values.GetRequiredValue(_path);
        DatasetReport report = DatasetInspector.Inspect(path, context.Progress, context.CancellationToken);
        return new CommandOutcome(report, output => DatasetReportPrinter.Print(output, path, report));
    }
}
