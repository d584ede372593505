namespace Semblance.Recognition.Detection.Graphs;

/// <summary>One run of a graph on an even frame, from whose outputs the family is recognised.</summary>
internal sealed class GraphProbe
{
    private GraphProbe(int width, int height, IReadOnlyList<ProbedOutput> outputs) => (Width, Height, Outputs) = (width, height, outputs);

    /// <summary>The frame's width.</summary>
    public int Width { get; }

    /// <summary>The frame's height.</summary>
    public int Height { get; }

    /// <summary>All outputs, in the graph's order.</summary>
    public IReadOnlyList<ProbedOutput> Outputs { get; }

    /// <summary>Runs the graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="freeSize">The side of the frame where the graph takes any.</param>
    /// <exception cref="SemblanceException">The model fails.</exception>
    public static GraphProbe Of(ModelGraph graph, int freeSize)
    {
        int width = graph.Width > 0 ? graph.Width : freeSize;
        int height = graph.Height > 0 ? graph.Height : freeSize;
        using GraphOutputs outputs = graph.Run(new float[graph.Channels * width * height], width, height);
        var probed = new List<ProbedOutput>();
        for (int i = 0; i < outputs.Count; i++)
        {
            probed.Add(new ProbedOutput(i, graph.OutputNames[i], outputs.Shape(i), outputs.Values(i).ToArray()));
        }

        return new GraphProbe(width, height, probed);
    }

    /// <summary>The tables whose rows have a certain length, most rows first.</summary>
    public ProbedOutput[] Tables(int columns) => [.. Outputs.Where(o => o.Columns == columns).OrderByDescending(o => o.Rows)];

    /// <summary>The names and shapes, for messages.</summary>
    public override string ToString() => string.Join(", ", Outputs.Select(o => $"{o.Name} {string.Join('×', o.Shape)}"));
}
