using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Semblance.Imaging;
using Semblance.Recognition.Detection;
using Semblance.Recognition.Models;

namespace Semblance.Recognition.Packs;

/// <summary>
/// Says what models are that come without a manifest, from their graphs: files with a card of Semblance, detectors of the known families,
/// models of 68 points, and embedders of 112×112 crops as InsightFace publishes them.
/// </summary>
internal static class PackRecogniser
{
    /// <summary>Age, gender and pose models take crops of the same size and give fewer numbers.</summary>
    private const int LeastEmbedding = 64;

    /// <summary>Writes a manifest for the ONNX files of a folder.</summary>
    /// <param name="folder">The folder, searched with its folders.</param>
    /// <param name="name">The pack's name.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="notes">Gets a sentence for each file that was taken for something or left out.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <exception cref="SemblanceException">None of the files is known.</exception>
    public static PackManifest Describe(string folder, string name, string source, List<string> notes, CancellationToken cancellationToken)
    {
        var models = new List<PackModel>();
        string[] files = [.. Directory.GetFiles(folder, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        string? failure = null;
        foreach (string file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string relative = Path.GetRelativePath(folder, file).Replace('\\', '/');
            try
            {
                if (Recognise(file, relative, notes) is { } model)
                {
                    models.Add(model with { Name = Unique(PackName.From(relative), models) });
                }
                else
                {
                    notes.Add($"{relative} is no model of faces that is known; left out.");
                }
            }
            catch (SemblanceException e)
            {
                failure ??= e.Message.Replace(file, relative, StringComparison.Ordinal);
                notes.Add($"{relative} cannot be loaded; left out.");
            }
        }

        if (models.Count == 0)
        {
            string reason = files.Length == 0 ? "it holds no ONNX file" : failure ?? "its models are no detectors of a known family, no landmark models and no embedders of 112×112 crops";
            throw new SemblanceException($"{source}: is no model pack: {reason.TrimEnd('.')}. Other models need a {PackManifest.FileName} beside them (docs/models.md).");
        }

        string? licence = Directory.GetFiles(folder)
            .Select(Path.GetFileName)
            .FirstOrDefault(file => file!.StartsWith("LICEN", StringComparison.OrdinalIgnoreCase) || file.StartsWith("COPYING", StringComparison.OrdinalIgnoreCase));
        return new PackManifest { Name = name, Models = models, LicenseFile = licence };
    }

    private static PackModel? Recognise(string path, string relative, List<string> notes)
    {
        var model = new PackModel { Name = "model", File = relative, Sha256 = FileHash.Sha256(path), Role = ModelRole.Embedder };
        if (HasCard(path))
        {
            return model;
        }

        if (Succeeds(() => FaceDetectors.Open(path)) is { } family)
        {
            notes.Add($"{relative} was recognised as a detector of the family {family}.");
            return model with { Role = ModelRole.Detector, Family = family };
        }

        if (Succeeds(() => FaceDetectors.OpenLandmarks(path)) is not null)
        {
            notes.Add($"{relative} was recognised as a landmark model of 68 points.");
            return model with { Role = ModelRole.Landmarks, Family = DetectorFamily.Landmarks68 };
        }

        return EmbeddingSize(path) is { } size ? model with { Embedder = InsightFace(path, relative, size, notes) } : null;

        string? Succeeds(Func<IDisposable> open)
        {
            try
            {
                using IDisposable opened = open();
                return opened is OnnxFaceDetector detector ? detector.Family : DetectorFamily.Landmarks68;
            }
            catch (SemblanceException)
            {
                return null;
            }
        }
    }

    private static bool HasCard(string path)
    {
        try
        {
            ModelFile.ReadCard(path);
            return true;
        }
        catch (SemblanceException)
        {
            return false;
        }
    }

    private static int? EmbeddingSize(string path)
    {
        using InferenceSession session = OnnxSessions.Open(path, 1);
        if (session.InputNames.Count != 1 || session.OutputNames.Count != 1)
        {
            return null;
        }

        NodeMetadata input = session.InputMetadata[session.InputNames[0]];
        NodeMetadata output = session.OutputMetadata[session.OutputNames[0]];
        return IsFloat(input) && IsFloat(output) && input.Dimensions is [1 or -1, 3, 112, 112] && output.Dimensions is [1 or -1, >= LeastEmbedding] ? output.Dimensions[1] : null;
    }

    private static bool IsFloat(NodeMetadata value) => value.IsTensor && value.ElementDataType == TensorElementType.Float;

    /// <summary>InsightFace's embedders take RGB, either as bytes, where the graph begins with the subtraction and division, or mapped to −1…1.</summary>
    private static EmbedderContract InsightFace(string path, string relative, int size, List<string> notes)
    {
        string[] first = [.. ModelRewriter.Parse(File.ReadAllBytes(path), relative).Graph.Node.Take(8).Select(node => node.OpType)];
        bool normalises = first.Contains("Sub") && (first.Contains("Mul") || first.Contains("Div"));
        notes.Add($"{relative} was taken for an embedder as InsightFace publishes them: RGB, {(normalises ? "bytes as they are" : "(x − 127.5) / 127.5")}, {PreprocessingContract.ArcFaceTemplate}, no thresholds; where that is wrong, say so in a {PackManifest.FileName}.");
        return new EmbedderContract { Mean = normalises ? 0 : 127.5f, Std = normalises ? 1 : 127.5f, EmbeddingSize = size };
    }

    private static string Unique(string name, List<PackModel> models)
    {
        string unique = name;
        for (int i = 2; models.Any(model => model.Name == unique); i++)
        {
            unique = $"{name}-{i}";
        }

        return unique;
    }
}
