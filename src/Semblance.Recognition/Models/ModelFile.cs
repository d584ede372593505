using Semblance.Models;

namespace Semblance.Recognition.Models;

/// <summary>Reads what a model file says of itself, without loading its weights.</summary>
public static class ModelFile
{
    /// <summary>Reads the card of an ONNX face model.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <exception cref="SemblanceException">The file is missing, is no ONNX file, or no face model of Semblance.</exception>
    public static ModelCard ReadCard(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw new SemblanceException($"{path}: is a folder; expected an ONNX file. Export one from a run with 'semblance export'.");
        }

        if (!File.Exists(path))
        {
            throw new SemblanceException($"{path}: no such file; expected an ONNX file. Export one from a run with 'semblance export'.");
        }

        return ModelCard.FromMetadata(ReadMetadata(path), path);
    }

    private static Dictionary<string, string> ReadMetadata(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 4096);
            return OnnxMetadata.Read(stream);
        }
        catch (InvalidDataException e)
        {
            throw new SemblanceException($"{path}: is no ONNX file, or is damaged: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{path}: cannot be read: {e.Message}", e);
        }
    }
}
