using Semblance.Recognition.Search;

namespace Semblance.Recognition.Clustering;

/// <summary>
/// The exact k-nearest-neighbour graph of embeddings by cosine: each face with its k nearest, none of them itself. Made by the exact index in
/// batches on all cores; memory is 8·n·k bytes beside the embeddings. Immutable.
/// </summary>
public sealed class KnnGraph
{
    private const int FacesPerBatch = 1024;

    // Each may become a link in both directions, which still has to fit an array.
    private const int MostLinks = 1 << 30;

    private readonly int[] _neighbours;
    private readonly float[] _cosines;

    private KnnGraph(FaceVectors faces, ExactIndex index, int degree)
    {
        (Faces, Index, Degree) = (faces, index, degree);
        _neighbours = new int[(long)faces.Count * degree];
        _cosines = new float[_neighbours.LongLength];
    }

    /// <summary>The embeddings.</summary>
    public FaceVectors Faces { get; }

    /// <summary>Number of faces.</summary>
    public int Count => Faces.Count;

    /// <summary>Neighbours of each face: those asked for, or all others where there are fewer.</summary>
    public int Degree { get; }

    /// <summary>The index that it was made by.</summary>
    internal ExactIndex Index { get; }

    /// <summary>Makes the graph.</summary>
    /// <param name="faces">The embeddings.</param>
    /// <param name="neighbours">Neighbours wanted for each, at least 1.</param>
    /// <param name="progress">Told of faces whose neighbours are found.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="UsageException">So many neighbours of so many faces do not fit: above 2³⁰ in all.</exception>
    public static KnnGraph Build(FaceVectors faces, int neighbours, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(faces);
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbours, 1);
        int degree = Math.Min(neighbours, Math.Max(0, faces.Count - 1));
        if ((long)faces.Count * degree > MostLinks)
        {
            throw new UsageException($"neighbours is {neighbours}; for {faces.Count} faces expected at most {MostLinks / faces.Count}.");
        }

        var graph = new KnnGraph(faces, faces.ToIndex(), degree);
        for (int first = 0; graph.Degree > 0 && first < faces.Count; first += FacesPerBatch)
        {
            int count = Math.Min(FacesPerBatch, faces.Count - first);
            SearchHit[][] found = graph.Index.SearchBatch(faces.Slice(first, count), count, graph.Degree + 1, cancellationToken: cancellationToken);
            for (int i = 0; i < count; i++)
            {
                graph.Fill(first + i, found[i]);
            }

            progress?.Report(new WorkProgress("finding neighbours", first + count, faces.Count, "faces"));
        }

        return graph;
    }

    /// <summary>The neighbours of a face, nearest first; equally near ones by number.</summary>
    /// <param name="face">The face.</param>
    public ReadOnlySpan<int> Neighbours(int face) => _neighbours.AsSpan(face * Degree, Degree);

    /// <summary>The cosines of a face and its neighbours, in the order of <see cref="Neighbours"/>.</summary>
    /// <param name="face">The face.</param>
    public ReadOnlySpan<float> Cosines(int face) => _cosines.AsSpan(face * Degree, Degree);

    /// <summary>How many neighbours of a face are at least so near.</summary>
    /// <param name="face">The face.</param>
    /// <param name="threshold">The least cosine.</param>
    public int CountFrom(int face, float threshold)
    {
        ReadOnlySpan<float> cosines = Cosines(face);
        int count = 0;
        while (count < cosines.Length && cosines[count] >= threshold)
        {
            count++;
        }

        return count;
    }

    // Where more copies of a face exist than neighbours are wanted, the face itself may be missing from its hits: then the last one is too many.
    private void Fill(int face, SearchHit[] hits)
    {
        int at = face * Degree, end = at + Degree;
        foreach (SearchHit hit in hits)
        {
            if (hit.Id != face && at < end)
            {
                (_neighbours[at], _cosines[at]) = ((int)hit.Id, hit.Score);
                at++;
            }
        }
    }
}
