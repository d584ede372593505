using Semblance.Onnx;

namespace Semblance.Recognition.Models.Rewriting;

/// <summary>Before and after a rewrite: constants that are constants, and none that nobody reads.</summary>
internal static class GraphTidying
{
    /// <summary>The format whose constants need not be inputs too.</summary>
    private const long PlainConstants = 4;

    /// <summary>Files of early formats list each constant as an input that a caller may override; no caller of ours does.</summary>
    /// <param name="model">The model, changed.</param>
    public static void FixConstants(ModelProto model)
    {
        var constants = model.Graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        foreach (ValueInfoProto input in model.Graph.Input.Where(input => constants.Contains(input.Name)).ToArray())
        {
            model.Graph.Input.Remove(input);
        }

        model.IrVersion = Math.Max(model.IrVersion, PlainConstants);
    }

    /// <summary>Takes constants out that nothing reads any more.</summary>
    /// <param name="graph">The graph, changed.</param>
    public static void DropUnread(GraphProto graph)
    {
        var uses = new GraphUses(graph);
        foreach (TensorProto tensor in graph.Initializer.Where(tensor => uses.ReadersOf(tensor.Name) == 0).ToArray())
        {
            graph.Initializer.Remove(tensor);
        }

        foreach (NodeProto node in graph.Node.Where(node => node.OpType == "Constant" && uses.ReadersOf(node.Output[0]) == 0).ToArray())
        {
            graph.Node.Remove(node);
        }
    }
}
