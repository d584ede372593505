using System.Numerics.Tensors;
using Semblance.Recognition.Search;

namespace Semblance.Recognition.Clustering;

/// <summary>
/// Average-link agglomeration (UPGMA; Sokal and Michener 1958): the two groups with the highest mean cosine over all pairs between them are merged,
/// again and again, until no mean reaches the threshold. Exact, by the nearest-neighbour chain (Benzécri 1982; Murtagh 1983) in O(n²) for n faces
/// that hang together: groups of different components of the threshold's graph have no pair that reaches the threshold, hence no such mean, so
/// that each component is done for itself. Groups do not depend on the order of faces, unless means tie.
/// </summary>
public sealed class AverageLink : IFaceClustering
{
    /// <summary>Faces of one component that are compared each with each: 2.5 GB.</summary>
    public const int MostTogether = 25_000;

    private readonly int _mostTogether;

    /// <summary>Sets the method up.</summary>
    public AverageLink()
        : this(MostTogether)
    {
    }

    internal AverageLink(int mostTogether) => _mostTogether = mostTogether;

    /// <inheritdoc/>
    public string Name => "average-link";

    /// <inheritdoc/>
    public double StrangerPairs => 200;

    /// <inheritdoc/>
    public int[] Cluster(FaceVectors faces, float threshold, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(faces);
        int[] components = ThresholdComponents.Of(faces, threshold, progress, cancellationToken);
        int[] group = [.. Enumerable.Range(0, faces.Count)];
        int done = 0;
        foreach (int[] members in components.Select((component, face) => (component, face)).GroupBy(f => f.component, f => f.face).Select(c => c.ToArray()))
        {
            if (members.Length > _mostTogether)
            {
                throw new SemblanceException(
                    $"average-link compares faces that hang together each with each, up to {_mostTogether} of them; {members.Length} hang together from cosine {threshold:0.###} on: raise --threshold or take --algorithm density.");
            }

            if (members.Length > 1)
            {
                Merge(faces, members, threshold, group, cancellationToken);
            }

            done += members.Length;
            progress?.Report(new WorkProgress("merging groups", done, faces.Count, "faces"));
        }

        return group;
    }

    private static void Merge(FaceVectors faces, int[] members, float threshold, int[] group, CancellationToken cancellationToken)
    {
        float[][] means = Cosines(faces, members, cancellationToken);
        List<int>[] groups = [.. Enumerable.Range(0, members.Length).Select(i => new List<int> { i })];
        var active = new List<int>(Enumerable.Range(0, members.Length));
        var chain = new Stack<int>();
        while (active.Count > 1)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (chain.Count == 0)
            {
                chain.Push(active[0]);
            }

            int last = chain.Pop();
            int before = chain.Count > 0 ? chain.Peek() : -1;
            int nearest = Nearest(means[last], active, last, before);
            if (nearest != before)
            {
                chain.Push(last);
                chain.Push(nearest);
                continue;
            }

            // The last two are each other's nearest.
            chain.Pop();
            if (means[last][nearest] < threshold)
            {
                // Nor will either reach the threshold with any group that is still to be merged: a mean is never above the higher of its parts.
                active.Remove(last);
                active.Remove(nearest);
                chain.Clear();
                continue;
            }

            Join(means, groups, active, Math.Min(last, nearest), Math.Max(last, nearest));
        }

        foreach (List<int> together in groups)
        {
            foreach (int member in together)
            {
                group[members[member]] = members[together[0]];
            }
        }
    }

    /// <summary>The active group with the highest mean; of equal ones the chain's previous, so that the chain ends, else the first.</summary>
    private static int Nearest(float[] means, List<int> active, int self, int previous)
    {
        int nearest = previous;
        float highest = previous >= 0 ? means[previous] : float.NegativeInfinity;
        foreach (int other in active)
        {
            if (other != self && means[other] > highest)
            {
                (nearest, highest) = (other, means[other]);
            }
        }

        return nearest;
    }

    private static void Join(float[][] means, List<int>[] groups, List<int> active, int kept, int gone)
    {
        double share = (double)groups[kept].Count / (groups[kept].Count + groups[gone].Count);
        active.Remove(gone);
        foreach (int other in active)
        {
            // Lance and Williams 1967.
            float mean = (float)((share * means[kept][other]) + ((1 - share) * means[gone][other]));
            means[kept][other] = mean;
            means[other][kept] = mean;
        }

        groups[kept].AddRange(groups[gone]);
        groups[gone].Clear();
        means[gone] = [];
    }

    private static float[][] Cosines(FaceVectors faces, int[] members, CancellationToken cancellationToken)
    {
        float[][] cosines = [.. members.Select(_ => new float[members.Length])];
        Work.Run(
            members.Length,
            () => 0,
            (i, _) =>
            {
                for (int j = 0; j < i; j++)
                {
                    float cosine = TensorPrimitives.Dot(faces[members[i]], faces[members[j]]);
                    cosines[i][j] = cosine;
                    cosines[j][i] = cosine;
                }
            },
            _ => { },
            cancellationToken);
        return cosines;
    }
}
