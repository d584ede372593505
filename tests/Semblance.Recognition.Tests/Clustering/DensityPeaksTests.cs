using System.Numerics.Tensors;
using CsCheck;
using Semblance.Recognition.Clustering;

namespace Semblance.Recognition.Tests.Clustering;

public sealed class DensityPeaksTests
{
    [Fact]
    public void Finds_what_the_definition_over_all_pairs_finds() =>
        Gen.Select(Gen.Float[-1f, 1f].Array[4].Array[2, 60], Gen.Int[1, 70], Gen.Float[0.2f, 0.95f]).Sample(
            (rows, neighbours, threshold) =>
            {
                var faces = new FaceVectors(rows);
                Assert.Equal(SomePeople.Canonical(Naive(faces, neighbours, threshold)), SomePeople.Canonical(new DensityPeaks(neighbours).Cluster(faces, threshold)));
            },
            iter: 300);

    [Fact]
    public void One_face_between_two_people_does_not_join_them()
    {
        // Two people 80 degrees apart with five photos each, and a photo half way: 40 degrees from either centre.
        float[][] rows = [.. At(0), .. At(80), [MathF.Cos(Angle(40)), MathF.Sin(Angle(40)), 0]];

        int[] groups = new DensityPeaks(80).Cluster(new FaceVectors(rows), 0.75f);

        Assert.Equal(2, groups.Distinct().Count());
        Assert.NotEqual(groups[0], groups[5]);

        static float Angle(double degrees) => (float)(degrees * Math.PI / 180);

        static IEnumerable<float[]> At(double degrees) =>
            Enumerable.Range(-2, 5).Select(i => (float[])[MathF.Cos(Angle(degrees + i)), MathF.Sin(Angle(degrees + i)), 0.01f * i * i]);
    }

    private static int[] Naive(FaceVectors faces, int neighbours, float threshold)
    {
        int n = faces.Count;
        double[] density = [.. Enumerable.Range(0, n).Select(i => Others(i).Select(j => Cosine(i, j)).OrderDescending().Take(neighbours).Sum(c => Math.Max(0, (double)c - threshold)))];
        int[] parent = [.. Enumerable.Range(0, n).Select(Parent)];
        return [.. Enumerable.Range(0, n).Select(Peak)];

        IEnumerable<int> Others(int i) => Enumerable.Range(0, n).Where(j => j != i);

        float Cosine(int i, int j) => TensorPrimitives.Dot(faces[i], faces[j]);

        int Parent(int i)
        {
            int[] denser = [.. Others(i).Where(j => Cosine(i, j) >= threshold && (Above(density[j], density[i]) || (Same(density[j], density[i]) && j < i)))];
            return denser.Length > 0 ? denser.MaxBy(j => Cosine(i, j)) : i;
        }

        int Peak(int i)
        {
            while (parent[i] != i)
            {
                i = parent[i];
            }

            return i;
        }

        // Two faces that see nothing but each other are equally dense; the sums differ in the last bits of a float.
        static bool Same(double a, double b) => Math.Abs(a - b) < 1e-6;

        static bool Above(double a, double b) => a > b && !Same(a, b);
    }
}
