using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Semblance.Numerics;
using Semblance.Onnx;

namespace Semblance.Recognition.Tests.Models;

/// <summary>Writes small ONNX graphs with random weights, one node after another.</summary>
internal sealed class GraphMaker
{
    private CountedRandom _random = new(5); // A struct that counts on.

    public GraphMaker(int opset = 17, int irVersion = 8)
    {
        Model = new ModelProto { IrVersion = irVersion, Graph = new GraphProto { Name = "graph" } };
        Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
    }

    public ModelProto Model { get; }

    public byte[] ToBytes() => Model.ToByteArray();

    public string Input(string name, params long[] shape)
    {
        Model.Graph.Input.Add(Value(name, shape));
        return name;
    }

    public GraphMaker Output(string name, params long[] shape)
    {
        Model.Graph.Output.Add(Value(name, shape));
        return this;
    }

    public string Node(string operation, string[] inputs, params AttributeProto[] attributes)
    {
        string name = $"{operation}{Model.Graph.Node.Count}";
        var node = new NodeProto { OpType = operation, Name = name };
        node.Input.AddRange(inputs);
        node.Output.Add(name);
        node.Attribute.AddRange(attributes);
        Model.Graph.Node.Add(node);
        return name;
    }

    public string Conv(string x, int from, int to) => Node("Conv", [x, Random(to, from, 3, 3), Random(to)], Ints("pads", 1, 1, 1, 1));

    public string Norm(string x, int channels) =>
        Node("BatchNormalization", [x, Random(channels), Random(channels), Random(channels), Constant(Enumerable.Repeat(0.5f, channels).ToArray(), channels)]);

    public string Random(params long[] shape) =>
        Constant([.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)_random.NextGaussian() * 0.3f)], shape);

    public string Constant(float[] values, params long[] shape) => Constant(1, MemoryMarshal.AsBytes(values.AsSpan()), shape);

    public string Constant(params long[] values) => Constant(7, MemoryMarshal.AsBytes(values.AsSpan()), [values.Length]);

    public static float[] Run(byte[] model, float[] input, params long[] shape)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var session = new InferenceSession(model, options);
        using var run = new RunOptions();
        using OrtValue value = OrtValue.CreateTensorValueFromMemory(input, shape);
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, session.InputNames, [value], session.OutputNames);
        return [.. outputs.SelectMany(output => output.GetTensorDataAsSpan<float>().ToArray())];
    }

    public static AttributeProto Ints(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.Kind.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    private string Constant(int type, ReadOnlySpan<byte> bytes, long[] shape)
    {
        var tensor = new TensorProto { Name = $"constant{Model.Graph.Initializer.Count}", DataType = type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(shape);
        Model.Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private static ValueInfoProto Value(string name, long[] shape)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = 1, Shape = new TensorShapeProto() };
        foreach (long extent in shape)
        {
            tensor.Shape.Dim.Add(extent > 0 ? new TensorShapeProto.Types.Dimension { DimValue = extent } : new TensorShapeProto.Types.Dimension { DimParam = "n" });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
