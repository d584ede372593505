using Semblance.Recognition.Detection.Families;
using Semblance.Recognition.Detection.Graphs;

namespace Semblance.Recognition.Detection;

/// <summary>Opens detection models of all families that are known. Sessions use one thread per call: photos run beside each other, one per thread.</summary>
public static class FaceDetectors
{
    private static readonly IDetectorFamily[] Families =
        [new ScrfdFamily(), new RetinaFaceFamily(), new YuNetFamily(), new BlazeFaceFamily(), new UltraLightFamily()];

    /// <summary>Opens a detector.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="family">One of <see cref="DetectorFamily.Detectors"/>; null to recognise it from the graph's inputs and outputs.</param>
    /// <param name="landmarksPath">
    /// The ONNX file of a landmark model (<see cref="DetectorFamily.Landmarks68"/>) that follows; null for the detector's own landmarks. A
    /// detector without any (Ultra-Light) then gives faces without landmarks.
    /// </param>
    /// <param name="options">What to report; null for the family's published values.</param>
    /// <exception cref="SemblanceException">A file is missing, does not load, or is no detector of a known family (or of the one named).</exception>
    /// <exception cref="UsageException">The family has no such name, or an option is out of range.</exception>
    public static IFaceDetector Open(string path, string? family = null, string? landmarksPath = null, DetectionOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new DetectionOptions();
        options.Validate();
        IDetectorFamily[] tried = family is null ? Families : [.. Families.Where(f => f.Name == family)];
        if (tried.Length == 0)
        {
            throw new UsageException($"'{family}' is no family of detectors; expected one of {string.Join(", ", DetectorFamily.Detectors)}.");
        }

        IFaceDetector detector = Open(path, tried, options);
        try
        {
            return landmarksPath is null ? detector : new LandmarkedDetector(detector, OpenLandmarks(landmarksPath));
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>Opens a landmark model of 68 points.</summary>
    /// <param name="path">The ONNX file: a grey square in, 136 numbers (68 points in shares of the crop) out.</param>
    /// <exception cref="SemblanceException">The file is missing, does not load, or is no such model.</exception>
    public static ILandmarkModel OpenLandmarks(string path) => SixtyEightPointModel.Open(path);

    private static OnnxFaceDetector Open(string path, IDetectorFamily[] tried, DetectionOptions options)
    {
        ModelGraph graph = ModelGraph.Open(path);
        try
        {
            var probe = GraphProbe.Of(graph, RoundedUp(options.InputSize));
            foreach (IDetectorFamily family in tried)
            {
                if (family.Recognise(graph, probe) is { } recipe)
                {
                    return new OnnxFaceDetector(graph, family.Name, recipe, options);
                }
            }

            throw new SemblanceException(tried is [var only]
                ? $"{path}: is no detector of the family {only.Name} ({only.Layout}): its outputs are {probe}."
                : $"{path}: is no detector of a known family ({string.Join(", ", tried.Select(f => f.Name))}): its outputs are {probe}.");
        }
        catch
        {
            graph.Dispose();
            throw;
        }
    }

    private static int RoundedUp(int size) => (size + 31) / 32 * 32;
}
