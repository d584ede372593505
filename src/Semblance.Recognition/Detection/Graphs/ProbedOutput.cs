namespace Semblance.Recognition.Detection.Graphs;

/// <summary>An output as a graph really gives it for an even frame: shapes left open in the file are known then.</summary>
/// <param name="Index">Its place among the outputs.</param>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Values">Its numbers.</param>
internal sealed record ProbedOutput(int Index, string Name, IReadOnlyList<long> Shape, float[] Values)
{
    /// <summary>The length of a row where the output is a table (rows × columns, or 1 × rows × columns); 0 where it is none.</summary>
    public int Columns => Shape.Count == 2 || (Shape.Count == 3 && Shape[0] == 1) ? (int)Shape[^1] : 0;

    /// <summary>The number of rows of a table.</summary>
    public int Rows => (int)Shape[^2];
}
