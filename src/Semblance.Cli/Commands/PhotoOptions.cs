using System.CommandLine;
using Semblance.Imaging;
using Semblance.Recognition.Packs;
using Semblance.Recognition.Photos;

namespace Semblance.Cli.Commands;

/// <summary>The options by which a command takes photographs instead of aligned crops.</summary>
internal sealed class PhotoOptions
{
    private readonly Option<string?> _detector = new("--detector")
    {
        Description = "A face detector: a pack's name, or an ONNX file (SCRFD, RetinaFace, YuNet, BlazeFace, Ultra-Light). Then images are photographs, except those of exactly a crop's size. A model from a pack brings its pack's.",
        HelpName = "NAME|FILE.onnx",
    };

    private readonly Option<string?> _landmarks = DetectorSource.Landmarks();

    private readonly Option<string> _input = new("--input")
    {
        Description = "What the images are: auto, photo (also those of a crop's size) or crop.",
        HelpName = "KIND",
        DefaultValueFactory = _ => "auto",
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_detector);
        command.Add(_landmarks);
        command.Add(_input);
    }

    /// <summary>Opens the cropper for a model; null where images are crops.</summary>
    /// <param name="values">The parsed options.</param>
    /// <param name="contract">The model's contract, which names the template.</param>
    /// <param name="model">What <c>--model</c> names.</param>
    /// <param name="thresholds">The least that a face must offer.</param>
    /// <param name="several">What to do with photos of several faces.</param>
    /// <exception cref="UsageException">The options contradict each other.</exception>
    /// <exception cref="SemblanceException">The detector cannot be opened, or the model takes no aligned faces.</exception>
    public FaceCropper? Open(
        ParseResult values, PreprocessingContract contract, string model, QualityThresholds thresholds, SeveralFaces several = SeveralFaces.TakeMain)
    {
        string input = values.GetRequiredValue(_input);
        string? detector = values.GetValue(_detector);
        string? landmarks = values.GetValue(_landmarks);
        if (input is not ("auto" or "photo" or "crop"))
        {
            throw new UsageException($"--input is '{input}'; expected auto, photo or crop.");
        }

        if (input == "crop")
        {
            return detector is null && landmarks is null
                ? null
                : throw new UsageException("--input crop takes images as they are, so --detector and --landmarks have nothing to do; leave one of them out.");
        }

        var library = new ModelLibrary();
        ResolvedDetector? files = detector is null ? library.DefaultDetectorFor(model) : library.ResolveDetector(detector);
        if (files is null)
        {
            return input == "photo" ? throw new UsageException("--input photo needs --detector NAME|FILE.onnx.")
                : landmarks is not null ? throw new UsageException("--landmarks needs --detector NAME|FILE.onnx.")
                : null;
        }

        AlignmentTemplate template = AlignmentTemplate.Parse(contract.AlignmentTemplate, model);
        return new FaceCropper(new FaceFinder(DetectorSource.Open(files, landmarks), template), thresholds, several, takesCrops: input == "auto");
    }
}
