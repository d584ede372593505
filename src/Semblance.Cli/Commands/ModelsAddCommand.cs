using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Recognition.Packs;

namespace Semblance.Cli.Commands;

/// <summary><c>models add</c>: puts a model of one's own into the cache folder.</summary>
internal sealed class ModelsAddCommand : ToolCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "A model written by 'semblance export', or another ONNX file, archive or folder of models." };
    private readonly Option<string?> _name = new("--name") { Description = "What to call it; otherwise as the file is called.", HelpName = "NAME" };

    /// <summary>Creates the command.</summary>
    public ModelsAddCommand()
        : base("add", "Put a model of one's own into the cache folder, so that --model takes its name.", "models add model.onnx --name mine")
    {
        Add(_file);
        Add(_name);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        PackInstaller installer = new ModelLibrary().Installer(licence => PackPrinter.ShowLicence(licence, context.Log), context.Progress);
        return PackPrinter.Installed(installer.PullFile(values.GetRequiredValue(_file), values.GetValue(_name), cancellationToken: context.CancellationToken));
    }
}
