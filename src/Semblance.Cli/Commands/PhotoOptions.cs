using System.CommandLine;
using Semblance.Imaging;
using Semblance.Recognition.Detection;
using Semblance.Recognition.Photos;

namespace Semblance.Cli.Commands;

/// <summary>The options by which a command takes photographs instead of aligned crops.</summary>
internal sealed class PhotoOptions
{
    private readonly Option<string?> _detector = new("--detector")
    {
        Description = "A face detector (ONNX: SCRFD, RetinaFace, YuNet, BlazeFace or Ultra-Light): then images are photographs, except those that have exactly the size of a crop.",
        HelpName = "FILE.onnx",
    };

    private readonly Option<string?> _landmarks = new("--landmarks")
    {
        Description = "A model of 68 landmarks to follow a detector that gives none.",
        HelpName = "FILE.onnx",
    };

    private readonly Option<string> _input = new("--input")
    {
        Description = "What the images are: auto, photo (also those of a crop's size) or crop.",
        HelpName = "KIND",
        DefaultValueFactory = _ => "auto",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_detector);
        command.Add(_landmarks);
        command.Add(_input);
    }

    /// <summary>Opens the cropper for a model; null where images are crops.</summary>
    /// <param name="values">The parsed options.</param>
    /// <param name="contract">The model's contract, which names the template.</param>
    /// <param name="model">The model's name, for messages.</param>
    /// <param name="thresholds">The least that a face must offer.</param>
    /// <param name="several">What to do with photos of several faces.</param>
    /// <exception cref="UsageException">The options contradict each other.</exception>
    /// <exception cref="SemblanceException">The detector cannot be opened, or the model takes no aligned faces.</exception>
    public FaceCropper? Open(
        ParseResult values, PreprocessingContract contract, string model, QualityThresholds thresholds, SeveralFaces several = SeveralFaces.TakeMain)
    {
        string input = values.GetRequiredValue(_input);
        string? detector = values.GetValue(_detector);
        if (input is not ("auto" or "photo" or "crop"))
        {
            throw new UsageException($"--input is '{input}'; expected auto, photo or crop.");
        }

        if (input == "crop" && detector is not null)
        {
            throw new UsageException("--input crop takes images as they are, so --detector has nothing to do; leave one of them out.");
        }

        if (detector is null)
        {
            return input == "photo" ? throw new UsageException("--input photo needs --detector FILE.onnx.")
                : values.GetValue(_landmarks) is not null ? throw new UsageException("--landmarks needs --detector FILE.onnx.")
                : null;
        }

        AlignmentTemplate template = AlignmentTemplate.Parse(contract.AlignmentTemplate, model);
        return new FaceCropper(OpenFinder(values, template), thresholds, several, takesCrops: input == "auto");
    }

    /// <summary>Opens the detector that must be named.</summary>
    /// <param name="values">The parsed options.</param>
    /// <param name="template">Where the points of a face come to lie.</param>
    /// <exception cref="UsageException">No detector is named.</exception>
    /// <exception cref="SemblanceException">The detector cannot be opened.</exception>
    public FaceFinder OpenFinder(ParseResult values, AlignmentTemplate template)
    {
        string detector = values.GetValue(_detector) ?? throw new UsageException("--detector FILE.onnx is missing.");
        return new FaceFinder(FaceDetectors.Open(detector, landmarksPath: values.GetValue(_landmarks)), template);
    }
}
