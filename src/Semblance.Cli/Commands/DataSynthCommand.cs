using System.CommandLine;
using System.Diagnostics;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Data.Synthesis;

namespace Semblance.Cli.Commands;

/// <summary><c>data synth</c>: draws synthetic faces, one folder per identity.</summary>
internal sealed class DataSynthCommand : ToolCommand
{
    private readonly Option<string> _outFolder = new("--out") { Description = "The folder to fill; one subfolder per identity.", HelpName = "DIR", Required = true };
    private readonly Option<int> _identities = new("--identities") { Description = "How many people.", HelpName = "N", Required = true };
    private readonly Option<int> _images = new("--images-per-identity") { Description = "Images of each person; with --long-tail, of the first.", HelpName = "K", Required = true };
    private readonly Option<double?> _longTail = new("--long-tail") { Description = "Exponent A of a long tail: the person of rank r gets K·(r + 1)^-A images, at least one.", HelpName = "A" };
    private readonly Option<int> _size = new("--size") { Description = "Width and height in pixels.", HelpName = "PIXELS", DefaultValueFactory = _ => 112 };
    private readonly Option<ulong> _seed = new("--seed") { Description = "Same seed, same bytes.", HelpName = "S", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _first = new("--first-identity") { Description = "Number of the first person: two sets of one seed whose numbers do not overlap share nobody.", HelpName = "N", DefaultValueFactory = _ => 0 };

    /// <summary>Creates the command.</summary>
    public DataSynthCommand()
        : base(
            "synth",
            "Draw synthetic faces: identities are drawn once; pose, light, expression, occlusion, blur and noise vary per image.",
            "data synth --out faces --identities 500 --images-per-identity 20",
            "data synth --out tail --identities 2000 --images-per-identity 60 --long-tail 0.8 --seed 7")
    {
        Add(_outFolder);
        Add(_identities);
        Add(_images);
        Add(_longTail);
        Add(_size);
        Add(_seed);
        Add(_first);
    }

    /// <inheritdoc/>
    public override CommandOutcome Run(ParseResult values, CommandContext context)
    {
        var options = new SyntheticFaceOptions
        {
            Identities = values.GetValue(_identities),
            ImagesPerIdentity = values.GetValue(_images),
            LongTailExponent = values.GetValue(_longTail),
            Size = values.GetValue(_size),
            Seed = values.GetValue(_seed),
            FirstIdentity = values.GetValue(_first),
        };
        string folder = values.GetRequiredValue(_outFolder);
        var faces = new SyntheticFaces(options);
        var watch = Stopwatch.StartNew();
        faces.WriteFolder(folder, context.Progress, context.CancellationToken);
        double seconds = watch.Elapsed.TotalSeconds;
        long count = Enumerable.Range(0, options.Identities).Sum(i => (long)faces.ImageCount(i));
        return new CommandOutcome(
            new { Out = folder, options.Identities, Images = count, options.Size, options.Seed, options.FirstIdentity, Seconds = seconds, ImagesPerSecond = count / seconds },
            output => output.Line(
                $"{Figures.Count(count)} images of {Figures.Count(options.Identities)} people in {folder}, {Figures.Duration(watch.Elapsed)} ({Figures.Rate(count / seconds)} images/s)."));
    }
}
