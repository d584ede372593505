using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Recognition.Packs;

namespace Semblance.Cli.Commands;

/// <summary><c>models pull</c>: brings a model pack into the cache folder.</summary>
internal sealed class ModelsPullCommand : ToolCommand
{
    private readonly Argument<string?> _pack = new("PACK")
    {
        Description = "A known pack's name, or a file of this machine: .tgz, .zip, .onnx or a folder.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _url = new("--url") { Description = "Fetch it from this address instead; goes with --sha256.", HelpName = "URL" };
    private readonly Option<string?> _sha256 = new("--sha256") { Description = "The hash that the file must have.", HelpName = "HEX" };
    private readonly Option<string?> _name = new("--name") { Description = "What to call it; otherwise as its manifest or file is called.", HelpName = "NAME" };

    /// <summary>Creates the command.</summary>
    public ModelsPullCommand()
        : base(
            "pull",
            "Bring a model pack into the cache folder: a known one by npm, or any from an address or a file. Every file is checked before.",
            "models pull faceplugin",
            "models pull buffalo_l.zip",
            "models pull --url https://example.org/pack.zip --sha256 9f86d0…")
    {
        Add(_pack);
        Add(_url);
        Add(_sha256);
        Add(_name);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        string? pack = values.GetValue(_pack);
        string? url = values.GetValue(_url);
        string? sha256 = values.GetValue(_sha256);
        string? name = values.GetValue(_name);
        if (pack is null == url is null)
        {
            throw new UsageException("give either a pack's name or file, or --url; 'semblance models list' shows the known packs.");
        }

        var library = new ModelLibrary();
        PackInstaller installer = library.Installer(licence => PackPrinter.ShowLicence(licence, context.Log), context.Progress);
        if (url is not null)
        {
            string hash = sha256 ?? throw new UsageException("--url needs --sha256: the hash of the file as its publisher states it.");
            return PackPrinter.Installed(installer.PullUrl(url, hash, name, context.CancellationToken));
        }

        if (!library.Known.Any(known => known.Manifest.Name == pack) && (Path.Exists(pack) || LooksLikeFile(pack!)))
        {
            return PackPrinter.Installed(installer.PullFile(pack!, name, sha256, context.CancellationToken));
        }

        return name is null && sha256 is null
            ? PackPrinter.Installed(installer.PullKnown(pack!, context.CancellationToken))
            : throw new UsageException($"--name and --sha256 go with a file or --url; '{pack}' is a known pack's name or none.");
    }

    private static bool LooksLikeFile(string text) =>
        text.Contains(Path.DirectorySeparatorChar) || text.Contains('/') || Path.GetExtension(text).ToLowerInvariant() is ".tgz" or ".gz" or ".zip" or ".onnx";
}
