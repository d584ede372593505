using System.Numerics.Tensors;
using CsCheck;
using Semblance.Recognition.Clustering;

namespace Semblance.Recognition.Tests.Clustering;

public sealed class KnnGraphTests
{
    [Fact]
    public void Each_face_has_its_nearest_and_never_itself() => Gen.Select(Gen.Float[-1f, 1f].Array[6].Array[1, 60], Gen.Int[1, 70]).Sample(
        (rows, wanted) =>
        {
            var faces = new FaceVectors(rows);
            KnnGraph graph = KnnGraph.Build(faces, wanted);
            Assert.Equal(Math.Min(wanted, rows.Length - 1), graph.Degree);
            for (int i = 0; i < rows.Length; i++)
            {
                float[] expected = [.. Enumerable.Range(0, rows.Length).Where(j => j != i).Select(j => TensorPrimitives.Dot(faces[i], faces[j])).OrderDescending().Take(graph.Degree)];
                Assert.Equal(expected, graph.Cosines(i).ToArray(), (a, b) => Math.Abs(a - b) < 1e-5);
                Assert.DoesNotContain(i, graph.Neighbours(i).ToArray());
                Assert.Equal(graph.Degree, graph.Neighbours(i).ToArray().Distinct().Count());
            }
        },
        iter: 100);

    [Fact]
    public void More_copies_than_neighbours_are_no_trouble()
    {
        KnnGraph graph = KnnGraph.Build(new FaceVectors([.. Enumerable.Repeat<float[]>([1, 1], 50)]), 3);

        Assert.All(Enumerable.Range(0, 50), i => Assert.DoesNotContain(i, graph.Neighbours(i).ToArray()));
        Assert.Equal(3, graph.CountFrom(49, 0.99f));
    }

    [Fact]
    public void Links_are_those_that_either_side_knows_of()
    {
        (float[][] rows, _) = SomePeople.Draw([30, 9, 4, 1], spread: 0.8);
        KnnGraph graph = KnnGraph.Build(new FaceVectors(rows), 5);
        LinkedFaces links = LinkedFaces.Of(graph, 0.3f);
        var expected = new HashSet<(int, int)>();
        for (int i = 0; i < graph.Count; i++)
        {
            foreach (int j in graph.Neighbours(i)[..graph.CountFrom(i, 0.3f)])
            {
                expected.Add((i, j));
                expected.Add((j, i));
            }
        }

        Assert.Equal(expected.Order(), Enumerable.Range(0, links.Count).SelectMany(i => links.Others(i).ToArray().Select(j => (i, j))).Order());
    }

    [Fact]
    public void Components_are_those_of_all_pairs_also_beyond_what_one_search_returns()
    {
        (float[][] rows, _) = SomePeople.Draw([400, 90, 20, 3, 1, 1], spread: 0.9);
        var faces = new FaceVectors(rows);
        int[] expected = [.. Enumerable.Range(0, faces.Count)];
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int i = 0; i < faces.Count; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    if (expected[i] != expected[j] && TensorPrimitives.Dot(faces[i], faces[j]) >= 0.4f)
                    {
                        expected[i] = expected[j] = Math.Min(expected[i], expected[j]);
                        changed = true;
                    }
                }
            }
        }

        Assert.Equal(expected, ThresholdComponents.Of(faces, 0.4f, null, CancellationToken.None));
    }
}
