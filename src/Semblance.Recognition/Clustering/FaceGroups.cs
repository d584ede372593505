using System.Numerics.Tensors;

namespace Semblance.Recognition.Clustering;

/// <summary>
/// Faces in groups, one for each person: numbered from 1 by falling size, equal ones by their first face. Faces of groups that are too small are
/// alone. Every face is in exactly one group or alone.
/// </summary>
public sealed class FaceGroups
{
    private FaceGroups(IReadOnlyList<FaceGroup> groups, int[] numbers, float[] cosines, IReadOnlyList<int> alone) =>
        (Groups, _numbers, _cosines, Alone) = (groups, numbers, cosines, alone);

    private readonly int[] _numbers;
    private readonly float[] _cosines;

    /// <summary>The groups; the one at index i has the number i + 1.</summary>
    public IReadOnlyList<FaceGroup> Groups { get; }

    /// <summary>Faces that are in no group, by number.</summary>
    public IReadOnlyList<int> Alone { get; }

    /// <summary>Number of faces.</summary>
    public int Count => _numbers.Length;

    /// <summary>The group of a face; 0 where it is alone.</summary>
    /// <param name="face">The face.</param>
    public int GroupOf(int face) => _numbers[face];

    /// <summary>The cosine of a face and its group's medoid; 1 where it is alone.</summary>
    /// <param name="face">The face.</param>
    public float CosineToMedoid(int face) => _cosines[face];

    /// <summary>Orders what a clustering found.</summary>
    /// <param name="faces">The embeddings.</param>
    /// <param name="labels">Its label for each face.</param>
    /// <param name="minSize">The least faces of a group, at least 1.</param>
    /// <exception cref="ArgumentException">There is not one label for each face.</exception>
    public static FaceGroups Of(FaceVectors faces, IReadOnlyList<int> labels, int minSize)
    {
        ArgumentNullException.ThrowIfNull(faces);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(minSize, 1);
        if (labels.Count != faces.Count)
        {
            throw new ArgumentException($"{labels.Count} labels for {faces.Count} faces.", nameof(labels));
        }

        int[][] together = [.. labels.Select((label, face) => (label, face)).GroupBy(f => f.label, f => f.face).Select(g => g.ToArray())];
        FaceGroup[] groups =
        [
            .. together.Where(g => g.Length >= minSize).OrderByDescending(g => g.Length).ThenBy(g => g[0]).Select((members, i) => FaceGroup.Of(i + 1, faces, members)),
        ];
        int[] numbers = new int[faces.Count];
        float[] cosines = new float[faces.Count];
        Array.Fill(cosines, 1);
        foreach (FaceGroup group in groups)
        {
            foreach (int member in group.Members)
            {
                numbers[member] = group.Number;
                cosines[member] = member == group.Medoid ? 1 : Math.Clamp(TensorPrimitives.Dot(faces[member], faces[group.Medoid]), -1, 1);
            }
        }

        return new FaceGroups(groups, numbers, cosines, [.. Enumerable.Range(0, faces.Count).Where(face => numbers[face] == 0)]);
    }
}
