using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Recognition.Galleries;

namespace Semblance.Cli.Commands;

/// <summary><c>gallery rekey</c>: encrypts a gallery, changes its key, or decrypts it.</summary>
internal sealed class GalleryRekeyCommand : ToolCommand
{
    private readonly GallerySource _gallery = new();
    private readonly Option<bool> _decrypt = new("--decrypt") { Description = "Keep templates in the clear from now on." };

    /// <summary>Creates the command.</summary>
    public GalleryRekeyCommand()
        : base(
            "rekey",
            "Write all templates again under the first of the keys (AES-256-GCM), while others go on searching and enrolling. To change a key put the new one in front of the old in the key file, give that to all programs, then run this.",
            "gallery rekey --gallery people.db --keys keys.txt",
            "gallery rekey --gallery people.db --keys keys.txt --decrypt")
    {
        _gallery.AddTo(this);
        Add(_decrypt);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        bool decrypt = values.GetValue(_decrypt);
        TemplateKeyRing? keys = _gallery.Keys(values);
        if (keys is null && !decrypt)
        {
            throw new UsageException($"give --keys FILE or set {TemplateKeyRing.EnvironmentVariable}; --decrypt takes the encryption away. 'gallery key --out FILE' makes a key.");
        }

        using IGallery gallery = _gallery.OpenExisting(values, context);
        long written = gallery.ChangeKeys(decrypt ? null : keys, context.Progress, context.CancellationToken);
        return new CommandOutcome(
            new { Gallery = gallery.Location, Key = decrypt ? null : keys!.FirstId, Rewritten = written },
            output => output.Line($"{Figures.Count(written)} templates written again {(decrypt ? "in the clear" : $"under key {keys!.FirstId}")}."));
    }
}
