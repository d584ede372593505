namespace Semblance.Recognition.Clustering;

/// <summary>The undirected graph of faces that are near each other: linked where either is among the other's nearest neighbours, from a threshold on.</summary>
internal sealed class LinkedFaces
{
    private readonly long[] _starts;
    private readonly int[] _others;
    private readonly float[] _cosines;

    private LinkedFaces(long[] starts) =>
        (_starts, _others, _cosines) = (starts, new int[starts[^1]], new float[starts[^1]]);

    public int Count => _starts.Length - 1;

    public static LinkedFaces Of(KnnGraph graph, float threshold)
    {
        long[] starts = new long[graph.Count + 1];
        Visit(graph, threshold, (from, to, _) =>
        {
            starts[from + 1]++;
            starts[to + 1]++;
        });
        for (int i = 0; i < graph.Count; i++)
        {
            starts[i + 1] += starts[i];
        }

        var links = new LinkedFaces(starts);
        long[] next = [.. starts];
        Visit(graph, threshold, (from, to, cosine) =>
        {
            links.Set(next[from]++, to, cosine);
            links.Set(next[to]++, from, cosine);
        });
        return links;
    }

    public ReadOnlySpan<int> Others(int face) => _others.AsSpan((int)_starts[face], (int)(_starts[face + 1] - _starts[face]));

    public ReadOnlySpan<float> Cosines(int face) => _cosines.AsSpan((int)_starts[face], (int)(_starts[face + 1] - _starts[face]));

    private void Set(long at, int other, float cosine) => (_others[at], _cosines[at]) = (other, cosine);

    /// <summary>Calls for each link once: from the face with the lower number where both know of it.</summary>
    private static void Visit(KnnGraph graph, float threshold, Action<int, int, float> link)
    {
        for (int face = 0; face < graph.Count; face++)
        {
            int near = graph.CountFrom(face, threshold);
            ReadOnlySpan<int> others = graph.Neighbours(face)[..near];
            ReadOnlySpan<float> cosines = graph.Cosines(face);
            for (int i = 0; i < others.Length; i++)
            {
                int other = others[i];
                if (face < other || !graph.Neighbours(other)[..graph.CountFrom(other, threshold)].Contains(face))
                {
                    link(face, other, cosines[i]);
                }
            }
        }
    }
}
