using System.Numerics.Tensors;

namespace Semblance.Recognition.Clustering;

/// <summary>Faces that are taken for one person's.</summary>
/// <param name="Number">The group's number, from 1.</param>
/// <param name="Medoid">The face with the highest mean cosine to the others, of equal ones the first: the one that shows best what the group is.</param>
/// <param name="Members">The faces: the medoid first, then by falling cosine to it, equal ones by number.</param>
/// <param name="MeanCosine">The mean cosine over all pairs; 1 for a single face.</param>
public sealed record FaceGroup(int Number, int Medoid, IReadOnlyList<int> Members, double MeanCosine)
{
    // Means that differ by less are equal but for rounding; of two faces either is as typical as the other.
    private const double Rounding = 1e-6;

    /// <summary>Describes a group.</summary>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="faces">All embeddings.</param>
    /// <param name="members">Its faces by rising number, at least one.</param>
    internal static FaceGroup Of(int number, FaceVectors faces, int[] members)
    {
        // The sum of a face's cosines to all members is its product with the sum of their vectors: no pair is looked at.
        float[] sum = new float[faces.Dimension];
        foreach (int member in members)
        {
            TensorPrimitives.Add<float>(sum, faces[member], sum);
        }

        int medoid = members[0];
        double highest = double.NegativeInfinity, total = 0;
        foreach (int member in members)
        {
            double others = TensorPrimitives.Dot(faces[member], sum) - TensorPrimitives.Dot(faces[member], faces[member]);
            total += others;
            if (others > highest + (Rounding * members.Length))
            {
                (medoid, highest) = (member, others);
            }
        }

        int[] ordered = [medoid, .. members.Where(member => member != medoid).OrderByDescending(member => TensorPrimitives.Dot(faces[member], faces[medoid])).ThenBy(member => member)];
        double pairs = (double)members.Length * (members.Length - 1);
        return new FaceGroup(number, medoid, ordered, pairs > 0 ? Math.Clamp(total / pairs, -1, 1) : 1);
    }
}
