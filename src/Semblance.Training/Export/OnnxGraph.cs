using Semblance.Onnx;
using System.Runtime.InteropServices;
using Google.Protobuf;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Export;

/// <summary>
/// Collects the ONNX nodes of a network while its modules describe themselves, in evaluation mode: dropout vanishes, and a batch norm directly
/// behind a convolution or linear layer is folded into it. One in front of a convolution is kept: the zero padding lies between the two.
/// </summary>
public sealed class OnnxGraph
{
    /// <summary>What one protobuf message may hold, less room for everything but the weights.</summary>
    internal const long LargestWeights = int.MaxValue - (16L << 20);

    private const int Float = 1;
    private readonly GraphProto _graph = new() { Name = "embedding" };
    private readonly long _largestWeights;
    private long _weightBytes;

    internal OnnxGraph(long largestWeights = LargestWeights) => _largestWeights = largestWeights;

    /// <summary>Number of batch norms that became part of a convolution or linear layer.</summary>
    public int FoldedNorms { get; private set; }

    internal GraphProto Proto => _graph;

    /// <summary>Applies modules one after another: convolutions, linear layers, batch norms, PReLU, flattening, dropout, sequences, and blocks of the backbones.</summary>
    /// <param name="input">The name of the input tensor.</param>
    /// <param name="modules">The modules in order.</param>
    /// <returns>The name of the output tensor.</returns>
    /// <exception cref="SemblanceException">A module has no translation, or the weights exceed what an ONNX file holds.</exception>
    public string Sequence(string input, params nn.Module[] modules)
    {
        nn.Module[] flat = [.. modules.SelectMany(Expand)];
        string x = input;
        for (int i = 0; i < flat.Length; i++)
        {
            nn.Module? next = i + 1 < flat.Length ? flat[i + 1] : null;
            switch (flat[i])
            {
                case Conv2d conv:
                    var norm2d = next as BatchNorm2d;
                    x = Convolution(x, conv, norm2d);
                    i += norm2d is null ? 0 : 1;
                    break;
                case Linear linear:
                    var norm1d = next as BatchNorm1d;
                    x = FullyConnected(x, linear, norm1d);
                    i += norm1d is null ? 0 : 1;
                    break;
                case BatchNorm2d or BatchNorm1d:
                    x = Normalization(x, (NormBase)flat[i]);
                    break;
                case PReLU prelu:
                    long slopes = prelu.weight.NumberOfElements;
                    x = Node("PRelu", [x, Weights("slope", [slopes, 1, 1], FoldedWeights.ToDoubles(prelu.weight))]);
                    break;
                case TorchSharp.Modules.Flatten:
                    x = Flatten(x);
                    break;
                case IOnnxNode node:
                    x = node.Describe(this, x);
                    break;
                default:
                    throw new SemblanceException($"a {flat[i].GetType().Name} layer has no translation to ONNX.");
            }
        }

        return x;
    }

    /// <summary>A convolution.</summary>
    /// <param name="input">[batch × channels × height × width].</param>
    /// <param name="conv">The layer; zero padding.</param>
    /// <param name="norm">The batch norm directly behind it, to be folded in, or null.</param>
    /// <param name="scale">A constant factor on its output, folded in too.</param>
    /// <returns>The name of the output tensor.</returns>
    public string Convolution(string input, Conv2d conv, BatchNorm2d? norm = null, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(conv);
        if (conv.padding is not { } padding || conv.padding_mode != PaddingModes.Zeros)
        {
            throw new SemblanceException("only convolutions with zero padding of a given width have a translation to ONNX.");
        }

        FoldedNorms += norm is null ? 0 : 1;
        FoldedWeights folded = FoldedWeights.Of(conv.weight, conv.bias, norm, scale);
        List<string> inputs = [input, Weights("weight", conv.weight.shape, folded.Weight)];
        if (folded.Bias is not null)
        {
            inputs.Add(Weights("bias", [conv.out_channels], folded.Bias));
        }

        return Node(
            "Conv",
            inputs,
            Integers("kernel_shape", conv.kernel_size),
            Integers("strides", conv.stride),
            Integers("pads", [.. padding, .. padding]),
            Integers("dilations", conv.dilation),
            Integer("group", conv.groups));
    }

    /// <summary>The sum of two tensors of one shape.</summary>
    /// <param name="x">A tensor.</param>
    /// <param name="y">A tensor.</param>
    /// <returns>The name of the output tensor.</returns>
    public string Add(string x, string y) => Node("Add", [x, y]);

    /// <summary>max(x, 0).</summary>
    /// <param name="x">A tensor.</param>
    /// <returns>The name of the output tensor.</returns>
    public string Relu(string x) => Node("Relu", [x]);

    /// <summary>Joins tensors along the channels.</summary>
    /// <param name="inputs">Tensors [batch × channels × height × width].</param>
    /// <returns>The name of the output tensor.</returns>
    public string Concat(IReadOnlyList<string> inputs) => Node("Concat", inputs, Integer("axis", 1));

    /// <summary>Max pooling without padding.</summary>
    /// <param name="x">[batch × channels × height × width].</param>
    /// <param name="kernel">Width and height of the window.</param>
    /// <param name="stride">Pixels between windows.</param>
    /// <returns>The name of the output tensor.</returns>
    public string MaxPool(string x, int kernel, int stride) =>
        Node("MaxPool", [x], Integers("kernel_shape", [kernel, kernel]), Integers("strides", [stride, stride]));

    /// <summary>The mean over height and width, which stay as 1 × 1.</summary>
    /// <param name="x">[batch × channels × height × width].</param>
    /// <returns>The name of the output tensor.</returns>
    public string GlobalAveragePool(string x) => Node("GlobalAveragePool", [x]);

    /// <summary>[batch × …] to [batch × features].</summary>
    /// <param name="x">A tensor.</param>
    /// <returns>The name of the output tensor.</returns>
    public string Flatten(string x) => Node("Flatten", [x], Integer("axis", 1));

    /// <summary>Declares input and output; the tensor <paramref name="last"/> gets the output's name.</summary>
    internal void Close(string input, int size, string last, string output, int embeddingSize)
    {
        foreach (NodeProto node in _graph.Node)
        {
            Rename(node.Input);
            Rename(node.Output);
        }

        _graph.Input.Add(Value(input, size));
        _graph.Output.Add(Value(output, embeddingSize));

        void Rename(IList<string> names)
        {
            for (int i = 0; i < names.Count; i++)
            {
                names[i] = names[i] == last ? output : names[i];
            }
        }

        ValueInfoProto Value(string name, int extent)
        {
            var shape = new TensorShapeProto();
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "N" });
            long[] rest = name == input ? [3, extent, extent] : [extent];
            shape.Dim.AddRange(rest.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
            return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = Float, Shape = shape } } };
        }
    }

    private static IEnumerable<nn.Module> Expand(nn.Module module) => module switch
    {
        Dropout => [],
        Sequential sequence => sequence.children().SelectMany(Expand),
        _ => [module],
    };

    private string FullyConnected(string input, Linear linear, BatchNorm1d? norm)
    {
        FoldedNorms += norm is null ? 0 : 1;
        FoldedWeights folded = FoldedWeights.Of(linear.weight, linear.bias, norm, 1);
        List<string> inputs = [input, Weights("weight", linear.weight.shape, folded.Weight)];
        if (folded.Bias is not null)
        {
            inputs.Add(Weights("bias", [folded.Bias.Length], folded.Bias));
        }

        return Node("Gemm", inputs, Integer("transB", 1));
    }

    private string Normalization(string input, NormBase norm)
    {
        long[] shape = [norm.num_features];
        return Node(
            "BatchNormalization",
            [
                input,
                Weights("scale", shape, FoldedWeights.ToDoubles(norm.weight)),
                Weights("shift", shape, FoldedWeights.ToDoubles(norm.bias!)),
                Weights("mean", shape, FoldedWeights.ToDoubles(norm.running_mean!)),
                Weights("variance", shape, FoldedWeights.ToDoubles(norm.running_var!)),
            ],
            new AttributeProto { Name = "epsilon", F = (float)norm.eps, Type = AttributeProto.Types.Kind.Float });
    }

    private string Node(string operation, IReadOnlyList<string> inputs, params AttributeProto[] attributes)
    {
        string name = $"{operation}_{_graph.Node.Count}";
        var node = new NodeProto { Name = name, OpType = operation };
        node.Input.AddRange(inputs);
        node.Output.Add(name);
        node.Attribute.AddRange(attributes);
        _graph.Node.Add(node);
        return name;
    }

    private string Weights(string purpose, long[] shape, double[] values)
    {
        _weightBytes += (long)values.Length * sizeof(float);
        if (_weightBytes > _largestWeights)
        {
            throw new SemblanceException(
                $"the model's weights exceed {_largestWeights >> 20} MB, more than one ONNX file holds; choose a smaller backbone or embedding size.");
        }

        float[] floats = new float[values.Length];
        for (int i = 0; i < floats.Length; i++)
        {
            floats[i] = (float)values[i];
        }

        // The values are little-endian on every platform that libtorch runs on, as the format demands.
        var tensor = new TensorProto { Name = $"{purpose}_{_graph.Initializer.Count}", DataType = Float };
        tensor.Dims.AddRange(shape);
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(MemoryMarshal.AsBytes(floats.AsSpan()).ToArray());
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private static AttributeProto Integer(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.Kind.Int };

    private static AttributeProto Integers(string name, long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.Kind.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }
}
