using System.CommandLine;
using Semblance.Imaging;
using Semblance.Recognition.Detection;
using Semblance.Recognition.Packs;

namespace Semblance.Cli.Commands;

/// <summary>Opens what <c>--detector</c> and <c>--landmarks</c> name.</summary>
internal static class DetectorSource
{
    /// <summary>The option <c>--detector</c> of commands that work on nothing but photographs.</summary>
    public static Option<string> Detector() =>
        new("--detector") { Description = "A face detector: a pack's name, or an ONNX file (SCRFD, RetinaFace, YuNet, BlazeFace, Ultra-Light).", HelpName = "NAME|FILE.onnx", Required = true };

    /// <summary>The option <c>--template</c>.</summary>
    public static Option<string> Template() => new("--template")
    {
        Description = "Where the points of a face come to lie: arcface-112, arcface-N, sphereface-96x112 or points:WIDTHxHEIGHT:x,y,…",
        HelpName = "NAME",
        DefaultValueFactory = _ => PreprocessingContract.ArcFaceTemplate,
    };

    /// <summary>The option <c>--landmarks</c>.</summary>
    public static Option<string?> Landmarks() =>
        new("--landmarks") { Description = "A model of 68 landmarks to follow a detector that gives none; a pack brings its own.", HelpName = "FILE.onnx" };

    /// <summary>Opens a detector.</summary>
    /// <param name="files">Where it is.</param>
    /// <param name="landmarks">A landmark model in place of the pack's own; null for that.</param>
    /// <exception cref="SemblanceException">A file is missing, or is no such model.</exception>
    public static IFaceDetector Open(ResolvedDetector files, string? landmarks) =>
        FaceDetectors.Open(files.Path, files.Family, landmarks ?? files.LandmarksPath);
}
