using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Recognition.Galleries;

namespace Semblance.Cli.Commands;

/// <summary><c>gallery threshold</c>: from which cosine on the gallery takes a face for one of its people's.</summary>
internal sealed class GalleryThresholdCommand : ToolCommand
{
    private readonly GallerySource _gallery = new();
    private readonly Argument<double?> _cosine = new("COSINE") { Description = "The least cosine of a match, from -1 to 1.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _model = new("--of-model") { Description = "Go by the threshold on the model's card again." };

    /// <summary>Creates the command.</summary>
    public GalleryThresholdCommand()
        : base(
            "threshold",
            "Set the gallery's own threshold, which identify goes by in place of the model's.",
            "gallery threshold --gallery people.db 0.42",
            "gallery threshold --gallery people.db --of-model")
    {
        _gallery.AddTo(this);
        Add(_cosine);
        Add(_model);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        double? cosine = values.GetValue(_cosine);
        if (cosine is null != values.GetValue(_model))
        {
            throw new UsageException("give a cosine or --of-model.");
        }

        GallerySettings settings = new() { Threshold = cosine };
        settings.Validate();
        using IGallery gallery = _gallery.OpenExisting(values, context);
        gallery.Configure(gallery.Settings with { Threshold = cosine });
        return new CommandOutcome(
            new { Gallery = gallery.Location, gallery.Settings.Metric, gallery.Settings.Threshold },
            output => output.Line(cosine is { } value
                ? $"{gallery.Location} decides by cosine {Figures.Number(value)}."
                : $"{gallery.Location} decides by the threshold of the model's card."));
    }
}
