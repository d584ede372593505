namespace Semblance.Recognition.Clustering;

/// <summary>A way to put faces of unknown people into groups, one for each person. The same input gives the same groups.</summary>
public interface IFaceClustering
{
    /// <summary>The name on the command line.</summary>
    string Name { get; }

    /// <summary>
    /// How many pairs of strangers, of all pairs of the collection, may be expected above the threshold that is chosen where none is given
    /// (<see cref="ClusteringThreshold.For"/>): few where one wrong pair joins two people, more where whole groups have to resemble each other.
    /// Chosen on LFW, on draws of 60 to 13,233 faces.
    /// </summary>
    double StrangerPairs { get; }

    /// <summary>Groups faces.</summary>
    /// <param name="faces">The embeddings.</param>
    /// <param name="threshold">The cosine from which on faces, or groups, are taken for the same person's.</param>
    /// <param name="progress">Told how far the work has come.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>A number for each face, from 0 to below their count: equal numbers mean one group. A face that goes with no other has a number to itself.</returns>
    /// <exception cref="SemblanceException">The faces are too many for the method.</exception>
    int[] Cluster(FaceVectors faces, float threshold, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default);
}
