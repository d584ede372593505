using Semblance.Recognition.Search;

namespace Semblance.Recognition.Clustering;

/// <summary>
/// Density peaks (Rodriguez and Laio 2014, "Clustering by fast search and find of density peaks", Science 344) on the k-nearest-neighbour
/// graph. A face's density is ρ = Σ max(0, cosine − threshold) over its k nearest; it joins its nearest face of higher density, and where that is
/// below the threshold it is the peak of a group. Departures from the paper: the kernel falls linearly to the threshold instead of being
/// constant, so that hardly any densities tie; a peak needs no least density, since a person may have two photos. A lone wrong neighbour cannot
/// chain two people together as in DBSCAN: they join only where the denser side begins within the threshold of a less dense face that leads on to
/// its own peak. Groups do not depend on the order of faces, unless densities tie.
/// </summary>
public sealed class DensityPeaks : IFaceClustering
{
    private readonly int _neighbours;

    /// <summary>Sets the method up.</summary>
    /// <param name="neighbours">Neighbours that count for a face's density, at least 1.</param>
    public DensityPeaks(int neighbours)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbours, 1);
        _neighbours = neighbours;
    }

    /// <inheritdoc/>
    public string Name => "density";

    /// <inheritdoc/>
    public double StrangerPairs => 2;

    /// <inheritdoc/>
    public int[] Cluster(FaceVectors faces, float threshold, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        KnnGraph graph = KnnGraph.Build(faces, _neighbours, progress, cancellationToken);
        double[] density = [.. Enumerable.Range(0, graph.Count).Select(face => Density(graph, face, threshold))];
        int[] order = [.. Enumerable.Range(0, graph.Count).OrderByDescending(face => density[face]).ThenBy(face => face)];
        int[] rank = new int[graph.Count];
        for (int i = 0; i < order.Length; i++)
        {
            rank[order[i]] = i;
        }

        // From the densest on: whom a face joins has its group already.
        int[] group = new int[graph.Count];
        foreach (int face in order)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int denser = NearestDenser(graph, face, rank, threshold, cancellationToken);
            group[face] = denser >= 0 ? group[denser] : face;
        }

        return group;
    }

    private static double Density(KnnGraph graph, int face, float threshold)
    {
        double sum = 0;
        foreach (float cosine in graph.Cosines(face)[..graph.CountFrom(face, threshold)])
        {
            sum += (double)cosine - threshold;
        }

        return sum;
    }

    private static int NearestDenser(KnnGraph graph, int face, int[] rank, float threshold, CancellationToken cancellationToken)
    {
        int near = graph.CountFrom(face, threshold);
        foreach (int neighbour in graph.Neighbours(face)[..near])
        {
            if (rank[neighbour] < rank[face])
            {
                return neighbour;
            }
        }

        if (near < graph.Degree || near == graph.Count - 1)
        {
            return -1;
        }

        // All neighbours in the graph are near and none is denser: the person has more photos than that, and the peak may lie further away.
        int own = rank[face];
        SearchHit[] hit = graph.Index.SearchBatch(graph.Faces[face], 1, 1, other => rank[other] < own, cancellationToken)[0];
        return hit.Length > 0 && hit[0].Score >= threshold ? (int)hit[0].Id : -1;
    }
}
