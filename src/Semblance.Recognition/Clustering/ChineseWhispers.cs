using Semblance.Numerics;

namespace Semblance.Recognition.Clustering;

/// <summary>
/// Chinese whispers (Biemann 2006, "Chinese Whispers: an Efficient Graph Clustering Algorithm and its Application to Natural Language
/// Processing Problems", TextGraphs): faces are linked where either is among the other's k nearest with at least the threshold's cosine. Each
/// begins in a group of its own; again and again, in random order, each takes the group with the largest sum of cosines among its neighbours,
/// until nothing changes. Equal sums go to the group of the lowest number, where the paper draws lots. The order depends on the seed alone.
/// </summary>
public sealed class ChineseWhispers : IFaceClustering
{
    // Groups settle within 10 to 20 rounds; a few faces between two groups may swing for ever.
    private const int MostRounds = 60;

    private readonly int _neighbours;
    private readonly ulong _seed;

    /// <summary>Sets the method up.</summary>
    /// <param name="neighbours">Neighbours that a face may be linked to, at least 1.</param>
    /// <param name="seed">Decides the order in which faces are asked.</param>
    public ChineseWhispers(int neighbours, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbours, 1);
        (_neighbours, _seed) = (neighbours, seed);
    }

    /// <inheritdoc/>
    public string Name => "chinese-whispers";

    /// <inheritdoc/>
    public double StrangerPairs => 5;

    /// <inheritdoc/>
    public int[] Cluster(FaceVectors faces, float threshold, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        LinkedFaces links = LinkedFaces.Of(KnnGraph.Build(faces, _neighbours, progress, cancellationToken), threshold);
        int[] group = [.. Enumerable.Range(0, links.Count)];
        int[] order = [.. Enumerable.Range(0, links.Count)];
        double[] weights = new double[links.Count];
        bool changed = true;
        for (int round = 0; changed && round < MostRounds; round++)
        {
            new CountedRandom(_seed, (ulong)round).Shuffle<int>(order);
            changed = false;
            foreach (int face in order)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int strongest = Strongest(links, face, group, weights);
                changed |= strongest != group[face];
                group[face] = strongest;
            }
        }

        return group;
    }

    /// <summary>The group with the largest sum of cosines; the face's own where it has no neighbours.</summary>
    /// <param name="links">The graph.</param>
    /// <param name="face">The face.</param>
    /// <param name="group">The group of each face.</param>
    /// <param name="weights">Zeros; left as zeros.</param>
    private static int Strongest(LinkedFaces links, int face, int[] group, double[] weights)
    {
        ReadOnlySpan<int> others = links.Others(face);
        ReadOnlySpan<float> cosines = links.Cosines(face);
        for (int i = 0; i < others.Length; i++)
        {
            weights[group[others[i]]] += cosines[i];
        }

        int best = group[face];
        double most = double.NegativeInfinity;
        foreach (int other in others)
        {
            int candidate = group[other];
            if (weights[candidate] > most || (weights[candidate] == most && candidate < best))
            {
                (best, most) = (candidate, weights[candidate]);
            }
        }

        foreach (int other in others)
        {
            weights[group[other]] = 0;
        }

        return best;
    }
}
