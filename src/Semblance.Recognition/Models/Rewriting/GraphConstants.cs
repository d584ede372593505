using System.Runtime.InteropServices;
using Google.Protobuf;
using Semblance.Onnx;

namespace Semblance.Recognition.Models.Rewriting;

/// <summary>The constants of a graph: initializers and Constant nodes, read and added by name.</summary>
internal sealed class GraphConstants
{
    private const int FloatType = 1;
    private const int Int64Type = 7;
    private readonly GraphProto _graph;
    private readonly Dictionary<string, TensorProto> _tensors = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Finds the constants; what a graph also lists as an input can be overridden and is none.</summary>
    /// <param name="graph">The graph.</param>
    public GraphConstants(GraphProto graph)
    {
        _graph = graph;
        var inputs = graph.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        foreach (TensorProto tensor in graph.Initializer.Where(tensor => !inputs.Contains(tensor.Name)))
        {
            _tensors[tensor.Name] = tensor;
        }

        foreach (NodeProto node in graph.Node)
        {
            AttributeProto? value = node.OpType == "Constant" ? node.Attribute.FirstOrDefault(attribute => attribute.Name == "value" && attribute.T is not null) : null;
            if (value is not null)
            {
                _tensors[node.Output[0]] = value.T;
            }

            _names.UnionWith(node.Output);
        }

        _names.UnionWith(inputs);
        _names.UnionWith(graph.Initializer.Select(tensor => tensor.Name));
    }

    /// <summary>The shape of a constant; null where the name stands for none.</summary>
    /// <param name="name">The tensor's name.</param>
    public long[]? Shape(string name) => _tensors.TryGetValue(name, out TensorProto? tensor) ? [.. tensor.Dims] : null;

    /// <summary>A copy of a float32 constant; null where the name stands for none, or its numbers lie in another file.</summary>
    /// <param name="name">The tensor's name.</param>
    public float[]? Floats(string name) => Read<float>(name, FloatType, tensor => [.. tensor.FloatData]);

    /// <summary>A copy of an int64 constant; null where the name stands for none.</summary>
    /// <param name="name">The tensor's name.</param>
    public long[]? Integers(string name) => Read<long>(name, Int64Type, tensor => [.. tensor.Int64Data]);

    /// <summary>Adds a float32 constant.</summary>
    /// <param name="like">What the name begins with.</param>
    /// <param name="values">The numbers, in row-major order.</param>
    /// <param name="shape">The shape.</param>
    /// <returns>The name, which nothing else in the graph has.</returns>
    public string Add(string like, float[] values, params ReadOnlySpan<long> shape) =>
        Add(like, FloatType, MemoryMarshal.AsBytes(values.AsSpan()), shape);

    /// <summary>Adds a list of int64 constants.</summary>
    /// <param name="like">What the name begins with.</param>
    /// <param name="values">The numbers.</param>
    /// <returns>The name, which nothing else in the graph has.</returns>
    public string Add(string like, long[] values) => Add(like, Int64Type, MemoryMarshal.AsBytes(values.AsSpan()), [values.Length]);

    /// <summary>A name that nothing in the graph has.</summary>
    /// <param name="like">What it begins with.</param>
    public string Unused(string like)
    {
        string name = like;
        for (int i = 2; !_names.Add(name); i++)
        {
            name = $"{like}_{i}";
        }

        return name;
    }

    private string Add(string like, int type, ReadOnlySpan<byte> bytes, ReadOnlySpan<long> shape)
    {
        var tensor = new TensorProto { Name = Unused(like), DataType = type, RawData = ByteString.CopyFrom(bytes) };
        foreach (long extent in shape)
        {
            tensor.Dims.Add(extent);
        }

        _graph.Initializer.Add(tensor);
        _tensors[tensor.Name] = tensor;
        return tensor.Name;
    }

    private T[]? Read<T>(string name, int type, Func<TensorProto, T[]> listed)
        where T : unmanaged
    {
        if (!_tensors.TryGetValue(name, out TensorProto? tensor) || tensor.DataType != type || tensor.DataLocation == TensorProto.Types.Location.External)
        {
            return null;
        }

        T[] values = tensor.HasRawData ? MemoryMarshal.Cast<byte, T>(tensor.RawData.Span).ToArray() : listed(tensor);
        return values.LongLength == tensor.Dims.Aggregate(1L, (count, extent) => count * extent) ? values : null;
    }
}
