using Semblance.Onnx;

namespace Semblance.Recognition.Models.Rewriting;

/// <summary>
/// Replaces PRelu, max(x, 0) + a · min(x, 0) with a slope a for each channel, by operators that ONNX Runtime computes in its blocked layout
/// of channels. PRelu itself is computed in the plain layout: slowly, and every tensor is turned over before and behind it.
/// In each form a · x + (1 − a) · max(x, 0) is what is computed:
/// <list type="bullet">
/// <item>one slope for all channels: LeakyRelu, which becomes part of the convolution before it;</item>
/// <item>behind a convolution or batch norm, all slopes below 1: its weights times 1 − a give y = (1 − a) · x, and the result is
/// max(y, 0) + a / (1 − a) · y, where a depthwise 1×1 convolution multiplies, since ONNX Runtime makes the sum a part of it;</item>
/// <item>elsewhere with slopes up to 1: x + max((a − 1) · x, 0);</item>
/// <item>otherwise the sum as it stands.</item>
/// </list>
/// </summary>
internal sealed class PReluRemoval
{
    /// <summary>PRelu spreads its slopes over the channels without an axis from here on.</summary>
    private const long FirstOpset = 7;

    /// <summary>Weights are multiplied by 1 − a, and that is undone behind: nearer to 0 they would lose digits.</summary>
    private const float LeastScale = 1e-3f;

    private readonly GraphProto _graph;
    private readonly GraphConstants _constants;
    private readonly GraphUses _uses;
    private readonly List<NodeProto> _nodes = [];

    private PReluRemoval(GraphProto graph) => (_graph, _constants, _uses) = (graph, new GraphConstants(graph), new GraphUses(graph));

    /// <summary>Replaces every PRelu of a model whose slopes are constants.</summary>
    /// <param name="model">The model, changed.</param>
    /// <returns>How many were replaced; 0 for a model of an operator set before 7.</returns>
    public static int Apply(ModelProto model)
    {
        bool known = model.OpsetImport.Any(set => set.Domain is "" or "ai.onnx" && set.Version >= FirstOpset);
        return known ? new PReluRemoval(model.Graph).Apply() : 0;
    }

    private int Apply()
    {
        int replaced = 0;
        NodeProto[] before = [.. _graph.Node];
        foreach (NodeProto node in before)
        {
            if (node.OpType == "PRelu" && node.Domain is "" or "ai.onnx" && _constants.Floats(node.Input[1]) is { } slopes && slopes.All(float.IsFinite))
            {
                Replace(node, slopes);
                replaced++;
            }
            else
            {
                _nodes.Add(node);
            }
        }

        if (replaced > 0)
        {
            _graph.Node.Clear();
            _graph.Node.AddRange(_nodes);
        }

        return replaced;
    }

    private void Replace(NodeProto node, float[] slopes)
    {
        (string x, string result) = (node.Input[0], node.Output[0]);
        long[] shape = _constants.Shape(node.Input[1])!;
        if (slopes.Length > 0 && slopes.All(slope => slope == slopes[0]))
        {
            Uniform(x, slopes[0], result);
        }
        else if (slopes.All(slope => 1 - slope >= LeastScale) && Channels(shape) == slopes.Length && TryScale(x, slopes))
        {
            string positive = Node("Relu", [x], $"{result}_positive");
            string weights = _constants.Add($"{result}_slope", Map(slopes, slope => slope / (1 - slope)), slopes.Length, 1, 1, 1);
            string linear = Node("Conv", [x, weights], $"{result}_linear", OnnxAttribute.Of("group", slopes.Length), OnnxAttribute.Of("kernel_shape", [1, 1]));
            NodeAs("Add", [linear, positive], result);
        }
        else if (slopes.All(slope => slope <= 1))
        {
            string bent = Node("Mul", [x, _constants.Add($"{result}_bend", Map(slopes, slope => slope - 1), shape)], $"{result}_bent");
            NodeAs("Add", [x, Node("Relu", [bent], $"{result}_lift")], result);
        }
        else
        {
            string linear = Node("Mul", [x, _constants.Add($"{result}_slope", slopes, shape)], $"{result}_linear");
            string rest = _constants.Add($"{result}_rest", Map(slopes, slope => 1 - slope), shape);
            string positive = Node("Mul", [Node("Relu", [x], $"{result}_positive"), rest], $"{result}_scaled");
            NodeAs("Add", [linear, positive], result);
        }
    }

    private void Uniform(string x, float slope, string result)
    {
        if (slope == 0)
        {
            NodeAs("Relu", [x], result);
        }
        else
        {
            NodeAs("LeakyRelu", [x], result, OnnxAttribute.Of("alpha", slope));
        }
    }

    /// <summary>Makes the node that computes <paramref name="x"/> compute (1 − slope) · x, where nothing else reads it and it has constant weights.</summary>
    private bool TryScale(string x, float[] slopes)
    {
        NodeProto? node = _uses.ReadersOf(x) == 1 ? _uses.ProducerOf(x) : null;
        bool scales = node is not null && node.Output.Count == 1 && (IsPlanar(node) || (node.OpType == "BatchNormalization" && _uses.ProducerOf(node.Input[0]) is { } below && IsPlanar(below)));
        int[] inputs = scales ? [.. Enumerable.Range(1, Math.Min(node!.Input.Count - 1, 2)).Where(i => node.Input[i].Length > 0)] : [];
        float[]?[] weights = [.. inputs.Select(i => _constants.Floats(node!.Input[i]))];
        if (inputs.Length == 0 || weights.Any(w => w is null || w.Length % slopes.Length != 0) || _constants.Shape(node!.Input[inputs[0]])![0] != slopes.Length)
        {
            return false;
        }

        for (int n = 0; n < inputs.Length; n++)
        {
            float[] values = weights[n]!;
            int perChannel = values.Length / slopes.Length;
            for (int i = 0; i < values.Length; i++)
            {
                values[i] *= 1 - slopes[i / perChannel];
            }

            string name = node.Input[inputs[n]];
            node.Input[inputs[n]] = _constants.Add($"{name}_scaled", values, _constants.Shape(name)!);
        }

        return true;
    }

    /// <summary>Whether a node is a convolution over height and width.</summary>
    private bool IsPlanar(NodeProto node) => node.OpType == "Conv" && node.Domain is "" or "ai.onnx" && _constants.Shape(node.Input[1])?.Length == 4;

    /// <summary>The channels that slopes of this shape belong to, behind a batch and before height and width; 0 where the shape is another.</summary>
    private static long Channels(long[] shape) => shape switch
    {
        [var channels, 1, 1] => channels,
        [1, var channels, 1, 1] => channels,
        _ => 0,
    };

    private string Node(string operation, string[] inputs, string result, params AttributeProto[] attributes) =>
        NodeAs(operation, inputs, _constants.Unused(result), attributes);

    private string NodeAs(string operation, string[] inputs, string result, params AttributeProto[] attributes)
    {
        var node = new NodeProto { Name = $"{result}/{operation}", OpType = operation };
        node.Input.AddRange(inputs);
        node.Output.Add(result);
        node.Attribute.AddRange(attributes);
        _nodes.Add(node);
        return result;
    }

    private static float[] Map(float[] values, Func<float, float> map) => Array.ConvertAll(values, value => map(value));
}
