using System.Numerics.Tensors;
using Semblance.Recognition.Clustering;

namespace Semblance.Recognition.Tests.Clustering;

public sealed class FaceGroupsTests
{
    [Fact]
    public void Groups_are_numbered_by_size_then_by_first_face_and_small_ones_are_alone()
    {
        var faces = new FaceVectors([.. Enumerable.Range(0, 8).Select(i => (float[])[1, i])]);

        FaceGroups groups = FaceGroups.Of(faces, [7, 3, 3, 5, 5, 5, 1, 1], minSize: 2);

        Assert.Equal([0, 2, 2, 1, 1, 1, 3, 3], Enumerable.Range(0, 8).Select(groups.GroupOf));
        Assert.Equal([0], groups.Alone);
        Assert.Equal([1, 2, 3], groups.Groups.Select(g => g.Number));
        Assert.Equal([3, 4, 5], FaceGroups.Of(faces, [7, 3, 3, 5, 5, 5, 1, 1], minSize: 3).Groups.Single().Members.Order());
    }

    [Fact]
    public void The_medoid_and_the_mean_are_those_over_all_pairs()
    {
        (float[][] rows, int[] people) = SomePeople.Draw([30, 12, 5, 1], spread: 1);
        var faces = new FaceVectors(rows);

        foreach (FaceGroup group in FaceGroups.Of(faces, people, 1).Groups)
        {
            double[] means = [.. group.Members.Select(i => group.Members.Where(j => j != i).Select(j => (double)TensorPrimitives.Dot(faces[i], faces[j])).DefaultIfEmpty(1).Average())];
            Assert.Equal(group.Medoid, group.Members[0]);
            Assert.Equal(means.Max(), means[0], 1e-6);
            Assert.Equal(means.Average(), group.MeanCosine, 1e-6);
            float[] cosines = [.. group.Members.Skip(1).Select(i => TensorPrimitives.Dot(faces[i], faces[group.Medoid]))];
            Assert.Equal(cosines.OrderDescending(), cosines);
        }
    }

    [Fact]
    public void Every_face_is_in_one_group_or_alone()
    {
        (float[][] rows, int[] people) = SomePeople.Draw([9, 4, 3, 1, 1]);
        FaceGroups groups = FaceGroups.Of(new FaceVectors(rows), people, 4);

        Assert.Equal(Enumerable.Range(0, rows.Length), groups.Groups.SelectMany(g => g.Members).Concat(groups.Alone).Order());
        Assert.Throws<ArgumentException>(() => FaceGroups.Of(new FaceVectors(rows), [1, 2], 1));
    }
}
