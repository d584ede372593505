using System.CommandLine;
using Semblance.Recognition.Detection;
using Semblance.Recognition.Packs;

namespace Semblance.Cli.Commands;

/// <summary>Opens what <c>--detector</c> and <c>--landmarks</c> name.</summary>
internal static class DetectorSource
{
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
