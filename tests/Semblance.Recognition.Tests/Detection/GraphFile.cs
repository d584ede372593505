using System.Runtime.InteropServices;
using Google.Protobuf;
using Semblance.Onnx;

namespace Semblance.Recognition.Tests.Detection;

/// <summary>Writes small ONNX graphs: one image in, constants or simple functions of it out.</summary>
internal sealed class GraphFile
{
    private readonly GraphProto _graph = new() { Name = "test" };

    /// <summary>A graph whose input has this shape; 0 leaves a dimension open.</summary>
    public GraphFile(params int[] input) => _graph.Input.Add(Info("input", input));

    /// <summary>A table of zeros with some numbers set, as an output.</summary>
    public GraphFile Constant(string name, int[] shape, params (int Index, float[] Values)[] set)
    {
        float[] values = new float[shape.Aggregate(1, (a, b) => a * b)];
        foreach ((int index, float[] numbers) in set)
        {
            numbers.CopyTo(values, index);
        }

        return Constant(name, shape, values);
    }

    /// <summary>A constant as an output.</summary>
    public GraphFile Constant(string name, int[] shape, float[] values)
    {
        Tensor($"{name}.value", shape, values);
        Node("Identity", [$"{name}.value"], name);
        return Output(name, shape);
    }

    public GraphFile Tensor(string name, int[] shape, float[] values)
    {
        var tensor = new TensorProto
        {
            Name = name, DataType = 1, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())),
        };
        tensor.Dims.AddRange(shape.Select(d => (long)d));
        _graph.Initializer.Add(tensor);
        return this;
    }

    public GraphFile Integers(string name, params long[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = 7, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) };
        tensor.Dims.Add(values.Length);
        _graph.Initializer.Add(tensor);
        return this;
    }

    public GraphFile Node(string op, string[] inputs, string output, params (string Name, long[] Values)[] attributes)
    {
        var node = new NodeProto { OpType = op, Name = $"{op}.{output}" };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        foreach ((string name, long[] values) in attributes)
        {
            var attribute = new AttributeProto { Name = name };
            if (values.Length == 1)
            {
                (attribute.Type, attribute.I) = (AttributeProto.Types.Kind.Int, values[0]);
            }
            else
            {
                attribute.Type = AttributeProto.Types.Kind.Ints;
                attribute.Ints.AddRange(values);
            }

            node.Attribute.Add(attribute);
        }

        _graph.Node.Add(node);
        return this;
    }

    public GraphFile Output(string name, params int[] shape)
    {
        _graph.Output.Add(Info(name, shape));
        return this;
    }

    public string Write(TemporaryFolder folder, string name = "detector.onnx")
    {
        var model = new ModelProto { IrVersion = 8, Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        string path = folder.File(name);
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    /// <summary>
    /// A detector in SCRFD's layout that takes any size and sees bright red: a cell's score is the mean of the red channel over it, its box and
    /// points reach one stride around the cell's upper left corner.
    /// </summary>
    public static GraphFile RedSpots(int height = 0, int width = 0)
    {
        var graph = new GraphFile(1, 3, height, width)
            .Integers("first", 0).Integers("column", -1, 1).Tensor("zero", [1], [0]).Tensor("one", [1], [1]);
        graph.Node("Gather", ["input", "first"], "red", ("axis", [1]));
        foreach (int stride in (int[])[8, 16, 32])
        {
            graph.Node("AveragePool", ["red"], $"mean{stride}", ("kernel_shape", [stride, stride]), ("strides", [stride, stride]))
                .Node("Reshape", [$"mean{stride}", "column"], $"score{stride}").Output($"score{stride}", 0, 1)
                .Node("Mul", [$"score{stride}", "zero"], $"zeros{stride}")
                .Node("Add", [$"zeros{stride}", "one"], $"ones{stride}")
                .Node("Concat", [.. Enumerable.Repeat($"ones{stride}", 4)], $"box{stride}", ("axis", [1])).Output($"box{stride}", 0, 4)
                .Node("Concat", [.. Enumerable.Repeat($"zeros{stride}", 10)], $"points{stride}", ("axis", [1])).Output($"points{stride}", 0, 10);
        }

        return graph;
    }

    private static ValueInfoProto Info(string name, int[] shape)
    {
        var dimensions = new TensorShapeProto();
        for (int i = 0; i < shape.Length; i++)
        {
            dimensions.Dim.Add(shape[i] > 0
                ? new TensorShapeProto.Types.Dimension { DimValue = shape[i] }
                : new TensorShapeProto.Types.Dimension { DimParam = $"{name}{i}" });
        }

        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = dimensions } },
        };
    }
}
