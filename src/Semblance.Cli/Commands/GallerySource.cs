using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Models;
using Semblance.Recognition.Galleries;

namespace Semblance.Cli.Commands;

/// <summary>The options that name a gallery and its keys, the same for every command.</summary>
internal sealed class GallerySource
{
    private readonly Option<string> _gallery;
    private readonly Option<string?> _keys;

    /// <summary>Creates the options.</summary>
    /// <param name="description">What the gallery is to the command.</param>
    /// <param name="name">The option's name.</param>
    /// <param name="keysName">The name of the option for its keys.</param>
    public GallerySource(string description = "The gallery", string name = "--gallery", string keysName = "--keys")
    {
        _gallery = new Option<string>(name)
        {
            Description = $"{description}: a SQLite file, or a server's address.",
            HelpName = GalleryStores.Forms,
            Required = true,
        };
        _keys = new Option<string?>(keysName)
        {
            Description = $"The keys of an encrypted gallery: 32 bytes per line in hex or base64, the first encrypts. Without it, {TemplateKeyRing.EnvironmentVariable} of the environment.",
            HelpName = "FILE",
        };
    }

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_gallery);
        command.Add(_keys);
    }

    /// <summary>Opens the gallery for a model; makes it where it is missing.</summary>
    /// <param name="values">The parsed options.</param>
    /// <param name="model">The model.</param>
    /// <param name="context">Takes what the store warns of.</param>
    /// <exception cref="SemblanceException">It cannot be opened.</exception>
    public IGallery Open(ParseResult values, GalleryModel model, CommandContext context) =>
        Warned(GalleryStores.Open(values.GetRequiredValue(_gallery), model, new GalleryOptions { Keys = Keys(values) }), context);

    /// <summary>Opens the gallery for a model; makes it where it is missing.</summary>
    /// <param name="values">The parsed options.</param>
    /// <param name="card">The model.</param>
    /// <param name="context">Takes what the store warns of.</param>
    /// <exception cref="SemblanceException">It cannot be opened.</exception>
    public IGallery Open(ParseResult values, ModelCard card, CommandContext context) => Open(values, GalleryModel.Of(card), context);

    /// <summary>Opens the gallery, which must be there, to read and write.</summary>
    /// <param name="values">The parsed options.</param>
    /// <param name="context">Takes what the store warns of.</param>
    /// <param name="card">The model to compare with; null to look in without one.</param>
    /// <exception cref="SemblanceException">It is missing or cannot be opened.</exception>
    public IGallery OpenExisting(ParseResult values, CommandContext context, ModelCard? card = null) =>
        Warned(OpenExisting(values, card, readOnly: false), context);

    /// <summary>Opens the gallery, which must be there, to read. A server's shortcomings are nothing to tell a reader.</summary>
    /// <param name="values">The parsed options.</param>
    /// <param name="card">The model to compare with; null to look in without one.</param>
    /// <exception cref="SemblanceException">It is missing or cannot be opened.</exception>
    public IGallery OpenToRead(ParseResult values, ModelCard? card = null) => OpenExisting(values, card, readOnly: true);

    /// <summary>The keys given; null where there are none.</summary>
    /// <param name="values">The parsed options.</param>
    /// <exception cref="SemblanceException">The keys cannot be read.</exception>
    public TemplateKeyRing? Keys(ParseResult values) =>
        values.GetValue(_keys) is { } file ? TemplateKeyRing.FromFile(file) : TemplateKeyRing.FromEnvironment();

    private IGallery OpenExisting(ParseResult values, ModelCard? card, bool readOnly) => GalleryStores.OpenExisting(
        values.GetRequiredValue(_gallery),
        card is null ? null : GalleryModel.Of(card),
        new GalleryOptions { Keys = Keys(values), ReadOnly = readOnly });

    private static IGallery Warned(IGallery gallery, CommandContext context)
    {
        foreach (string warning in gallery.Warnings)
        {
            context.Log.WriteLine($"warning: {warning}");
        }

        return gallery;
    }
}
