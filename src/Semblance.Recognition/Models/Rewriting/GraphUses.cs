using Semblance.Onnx;

namespace Semblance.Recognition.Models.Rewriting;

/// <summary>Who makes and who reads each value of a graph, the graphs inside its nodes included.</summary>
internal sealed class GraphUses
{
    private readonly Dictionary<string, NodeProto> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _readers = new(StringComparer.Ordinal);

    /// <summary>Counts.</summary>
    /// <param name="graph">The graph.</param>
    public GraphUses(GraphProto graph)
    {
        foreach (NodeProto node in graph.Node)
        {
            foreach (string output in node.Output)
            {
                _producers[output] = node;
            }
        }

        Count(graph);
    }

    /// <summary>The node that computes a value; null for inputs and constants.</summary>
    /// <param name="name">The value's name.</param>
    public NodeProto? ProducerOf(string name) => _producers.GetValueOrDefault(name);

    /// <summary>How often a value is read, as an output of the graph included.</summary>
    /// <param name="name">The value's name.</param>
    public int ReadersOf(string name) => _readers.GetValueOrDefault(name);

    private void Count(GraphProto graph)
    {
        foreach (string name in graph.Node.SelectMany(node => node.Input).Concat(graph.Output.Select(output => output.Name)))
        {
            _readers[name] = ReadersOf(name) + 1;
        }

        foreach (AttributeProto attribute in graph.Node.SelectMany(node => node.Attribute))
        {
            if (attribute.G is not null)
            {
                Count(attribute.G);
            }

            foreach (GraphProto inner in attribute.Graphs)
            {
                Count(inner);
            }
        }
    }
}
