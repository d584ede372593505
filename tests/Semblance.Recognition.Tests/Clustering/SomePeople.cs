using Semblance.Numerics;
using Semblance.Recognition.Clustering;

namespace Semblance.Recognition.Tests.Clustering;

/// <summary>Embeddings of people: faces of one lie around a direction of their own; people are nearly at right angles.</summary>
internal static class SomePeople
{
    public const int Dimension = 64;

    /// <summary>So many faces of each person, in an order of its own.</summary>
    public static (float[][] Rows, int[] People) Draw(int[] photos, double spread = 0.5, ulong seed = 1)
    {
        int[] people = [.. photos.SelectMany((count, person) => Enumerable.Repeat(person, count))];
        new CountedRandom(seed, 1).Shuffle<int>(people);
        return ([.. people.Select((person, face) => Face(person, (ulong)face, spread, seed))], people);
    }

    /// <summary>The same grouping under other numbers: each face with the first face of its group.</summary>
    public static int[] Canonical(IReadOnlyList<int> labels) => [.. labels.Select(label => labels.Index().First(other => other.Item == label).Index)];

    public static FaceVectors Vectors(float[][] rows) => new(rows);

    private static float[] Face(int person, ulong face, double spread, ulong seed)
    {
        var centre = new CountedRandom(seed, 2, (ulong)person);
        var noise = new CountedRandom(seed, 3, face);
        return [.. Enumerable.Range(0, Dimension).Select(_ => (float)(centre.NextGaussian() + (spread * noise.NextGaussian())))];
    }
}
