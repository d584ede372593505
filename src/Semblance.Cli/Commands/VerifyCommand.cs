using System.CommandLine;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Recognition.Models;
using Semblance.Recognition.Photos;
using Semblance.Recognition.Services;

namespace Semblance.Cli.Commands;

/// <summary><c>verify</c>: whether two images show one person.</summary>
internal sealed class VerifyCommand : ToolCommand
{
    private readonly Option<string> _model = SharedOptions.OnnxModel();
    private readonly Argument<string> _first = new("A") { Description = "An aligned face crop." };
    private readonly Argument<string> _second = new("B") { Description = "Another one." };
    private readonly Option<int> _threads = SharedOptions.Threads();
    private readonly PhotoOptions _photos = new();

    /// <summary>Creates the command.</summary>
    public VerifyCommand()
        : base("verify", "Compare two faces.", "verify --model model.onnx a.jpg b.jpg",
            "verify --model faceplugin holiday.jpg passport.jpg")
    {
        Add(_model);
        Add(_first);
        Add(_second);
        Add(_threads);
        _photos.AddTo(this);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        using OnnxFaceEmbedder model = ModelSource.OpenOnnx(values.GetRequiredValue(_model), values.GetValue(_threads));
        using FaceCropper? cropper = _photos.Open(values, model.Card.Preprocessing, values.GetRequiredValue(_model), QualityThresholds.None);
        Verification answer = new Verifier(model, cropper).Verify(values.GetRequiredValue(_first), values.GetRequiredValue(_second), context.CancellationToken);
        return new CommandOutcome(answer, output => output.Facts(
            ("cosine", Figures.Number(answer.Cosine)),
            ("threshold", answer.Threshold is { } threshold ? $"{Figures.Number(threshold.Value)} ({threshold.Name} of the model)" : "the model carries none; 'export --pairs' measures one"),
            ("same person", answer.Same is { } same ? (same ? "yes" : "no") : null)));
    }
}
