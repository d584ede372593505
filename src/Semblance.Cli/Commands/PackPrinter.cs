using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Recognition.Packs;

namespace Semblance.Cli.Commands;

/// <summary>How packs are told of.</summary>
internal static class PackPrinter
{
    /// <summary>Shows a licence before its pack is installed.</summary>
    /// <param name="licence">The licence.</param>
    /// <param name="log">Lines for people.</param>
    public static void ShowLicence(PackLicence licence, TextWriter log)
    {
        log.WriteLine(licence.Spdx == PackManifest.UnknownLicense && licence.Text is null
            ? $"{licence.Pack} states no licence; whether you may use it is for its publisher to say."
            : $"{licence.Pack} comes under the licence {(licence.Spdx == PackManifest.UnknownLicense ? "that follows" : licence.Spdx)}{(licence.Text is null ? "." : ":")}");
        foreach (string line in (licence.Text ?? "").TrimEnd().Split('\n'))
        {
            log.WriteLine($"  {line.TrimEnd('\r')}".TrimEnd());
        }
    }

    /// <summary>What an installation came to.</summary>
    /// <param name="installation">The installation.</param>
    public static CommandOutcome Installed(PackInstallation installation)
    {
        InstalledPack pack = installation.Pack;
        return new CommandOutcome(
            new { installation.WasThere, Pack = Document(pack), installation.Notes },
            output =>
            {
                foreach (string note in installation.Notes)
                {
                    output.Line(note);
                }

                output.Line(installation.WasThere ? $"{pack.Name} is installed already, unharmed, in {pack.Folder}." : $"Installed {pack.Name} in {pack.Folder}: {Roles(pack.Manifest)}.");
                foreach (string line in Uses(pack))
                {
                    output.Line(line);
                }
            });
    }

    /// <summary>A pack as a document.</summary>
    /// <param name="pack">The pack.</param>
    public static object Document(InstalledPack pack) => new
    {
        pack.Name,
        pack.Manifest.Description,
        pack.Manifest.License,
        pack.Manifest.Source,
        pack.Manifest.Installed,
        pack.Folder,
        Models = pack.Manifest.Models.Select(model => new
        {
            model.Name,
            Role = Role(model.Role),
            model.Family,
            Path = pack.PathOf(model),
            Sha256 = model.Derived?.Sha256 ?? model.Sha256,
            OriginalSha256 = model.Sha256,
        }),
    };

    /// <summary>A manifest's models, for example "embedder, detector front (blazeface)".</summary>
    /// <param name="manifest">The manifest.</param>
    public static string Roles(PackManifest manifest) => string.Join(", ", manifest.Models.Select(model =>
        (model.Name == Role(model.Role) ? model.Name : $"{Role(model.Role)} {model.Name}") + (model.Family is null ? "" : $" ({model.Family})")));

    private static IEnumerable<string> Uses(InstalledPack pack)
    {
        if (pack.Manifest.Models.Any(model => model.Role == ModelRole.Embedder))
        {
            yield return $"Use it as: --model {pack.Name}";
        }
        else if (pack.Manifest.Models.Any(model => model.Role == ModelRole.Detector))
        {
            yield return $"Use it as: --detector {pack.Name}";
        }
    }

    private static string Role(ModelRole role) => role.ToString().ToLowerInvariant();
}
