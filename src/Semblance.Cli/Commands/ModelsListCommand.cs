using System.CommandLine;
using System.Globalization;
using Semblance.Cli.Hosting;
using Semblance.Recognition.Packs;

namespace Semblance.Cli.Commands;

/// <summary><c>models list</c>: which packs there are.</summary>
internal sealed class ModelsListCommand : ToolCommand
{
    /// <summary>Creates the command.</summary>
    public ModelsListCommand()
        : base("list", "List the installed model packs, and the known ones that could be pulled.", "models list")
    {
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        var library = new ModelLibrary();
        IReadOnlyList<InstalledPack> installed = library.List();
        CataloguePack[] others = [.. library.Known.Where(known => installed.All(pack => pack.Name != known.Manifest.Name))];
        return new CommandOutcome(
            new
            {
                library.Folder,
                Installed = installed.Select(PackPrinter.Document),
                Available = others.Select(known => new { known.Manifest.Name, known.Manifest.Description, known.Manifest.License, Npm = known.Npm.ToString() }),
            },
            output =>
            {
                output.Table(
                    ["pack", "models", "licence", "installed", "from"],
                    [
                        .. installed.Select(pack => new[]
                        {
                            pack.Name,
                            PackPrinter.Roles(pack.Manifest),
                            pack.Manifest.License,
                            pack.Manifest.Installed?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
                            pack.Manifest.Source ?? "",
                        }),
                        .. others.Select(known => new[] { known.Manifest.Name, PackPrinter.Roles(known.Manifest), known.Manifest.License, "–", $"npm {known.Npm}" }),
                    ]);
                output.Line($"{installed.Count} installed in {library.Folder}{(others.Length > 0 ? "; the others with 'semblance models pull NAME'" : "")}");
            });
    }
}
