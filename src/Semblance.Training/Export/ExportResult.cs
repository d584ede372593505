using Semblance.Models;

namespace Semblance.Training.Export;

/// <summary>A file that was exported and checked.</summary>
/// <param name="Path">The ONNX file.</param>
/// <param name="MaxAbsDiff">Largest absolute difference of L2-normalised embeddings, module against file.</param>
/// <param name="Bytes">The file's size.</param>
/// <param name="Card">What the file says of itself.</param>
public sealed record ExportResult(string Path, double MaxAbsDiff, long Bytes, ModelCard Card);
