using Semblance.Onnx;

namespace Semblance.Recognition.Models.Rewriting;

/// <summary>
/// Frees a batch that a graph fixes at 1: in its input and outputs, and in Reshape nodes whose constant shape begins with 1. Whether the graph
/// then computes each image of a batch by itself is for the caller to try: a Reshape may have meant another 1.
/// </summary>
internal static class BatchRelease
{
    private const string Batch = "batch";

    /// <summary>Frees the batch.</summary>
    /// <param name="model">The model, changed.</param>
    /// <returns>Whether there was anything to free.</returns>
    public static bool Apply(ModelProto model)
    {
        GraphProto graph = model.Graph;
        if (graph.Input.Count != 1 || FirstExtent(graph.Input[0]) is not { DimValue: 1 })
        {
            return false;
        }

        var constants = new GraphConstants(graph);
        foreach (NodeProto node in graph.Node.Where(node => node.OpType == "Reshape" && node.Input.Count == 2).ToArray())
        {
            if (constants.Integers(node.Input[1]) is [1, .. var rest])
            {
                // 0 stands for the extent that the input has.
                node.Input[1] = constants.Add($"{node.Input[1]}_batch", [0, .. rest]);
            }
        }

        foreach (ValueInfoProto value in graph.Input.Concat(graph.Output))
        {
            if (FirstExtent(value) is { DimValue: 1 } extent)
            {
                extent.DimParam = Batch;
            }
        }

        // What was inferred inside holds for a batch of 1 only; ONNX Runtime infers it again.
        graph.ValueInfo.Clear();
        return true;
    }

    private static TensorShapeProto.Types.Dimension? FirstExtent(ValueInfoProto value) => value.Type?.TensorType?.Shape?.Dim.FirstOrDefault();
}
