using Google.Protobuf;
using Semblance.IO;
using Semblance.Models;
using Semblance.Onnx;
using Semblance.Training.Backbones;

namespace Semblance.Training.Export;

/// <summary>
/// Writes a backbone as an ONNX file (IR 8, opset 17, float32): input "input" [N × 3 × size × size], output "embedding" [N × dim], not
/// normalised, N free; the model card as metadata, so that the file describes itself.
/// </summary>
public static class OnnxExporter
{
    /// <summary>The name of the input tensor.</summary>
    public const string InputName = "input";

    /// <summary>The name of the output tensor.</summary>
    public const string OutputName = "embedding";

    private const int IrVersion = 8;
    private const int Opset = 17;

    /// <summary>Writes the file, whole or not at all. The backbone is exported as in evaluation mode, whichever mode it is in, and not changed.</summary>
    /// <param name="backbone">The trained module.</param>
    /// <param name="card">What the file says of itself; must agree with the backbone.</param>
    /// <param name="path">The file to write.</param>
    /// <exception cref="SemblanceException">Card and backbone disagree, the weights exceed 2 GB, or the file cannot be written.</exception>
    public static void Write(Backbone backbone, ModelCard card, string path)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(card);
        ArgumentException.ThrowIfNullOrEmpty(path);
        (string, object, object)[] facts =
        [
            ("backbone", card.Backbone, backbone.RegisteredName),
            ("embedding size", card.EmbeddingSize, backbone.EmbeddingSize),
            ("input width", card.Preprocessing.Width, backbone.InputSize),
            ("input height", card.Preprocessing.Height, backbone.InputSize),
        ];
        foreach ((string what, object said, object real) in facts)
        {
            if (!said.Equals(real))
            {
                throw new SemblanceException($"{path}: not exported: the model card says {what} {said}, the backbone has {real}.");
            }
        }

        var graph = new OnnxGraph();
        graph.Close(InputName, backbone.InputSize, backbone.Describe(graph, InputName), OutputName, backbone.EmbeddingSize);
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "Semblance",
            ProducerVersion = typeof(OnnxExporter).Assembly.GetName().Version?.ToString(3) ?? "",
            Graph = graph.Proto,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Opset });
        model.MetadataProps.AddRange(card.ToMetadata().Select(m => new StringStringEntryProto { Key = m.Key, Value = m.Value }));
        AtomicFile.Write(path, model.WriteTo);
    }
}
