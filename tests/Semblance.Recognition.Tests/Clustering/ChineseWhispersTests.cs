using Semblance.Recognition.Clustering;

namespace Semblance.Recognition.Tests.Clustering;

public sealed class ChineseWhispersTests
{
    [Fact]
    public void Two_groups_joined_by_one_link_stay_two()
    {
        // Two people 70 degrees apart; one photo of each has strayed towards the other, and those two are near.
        float[][] rows = [.. At(0, 6), Ray(25), .. At(70, 6), Ray(45)];
        var faces = new FaceVectors(rows);

        for (ulong seed = 1; seed <= 20; seed++)
        {
            int[] groups = new ChineseWhispers(80, seed).Cluster(faces, 0.9f);
            Assert.Equal([0, 0, 0, 0, 0, 0, 0, 7, 7, 7, 7, 7, 7, 7], SomePeople.Canonical(groups));
        }

        static float[] Ray(double degrees) => [(float)Math.Cos(degrees * Math.PI / 180), (float)Math.Sin(degrees * Math.PI / 180)];

        static IEnumerable<float[]> At(double degrees, int count) => Enumerable.Range(0, count).Select(i => Ray(degrees + (i * 0.2)));
    }

    [Fact]
    public void The_seed_alone_decides_and_does_decide()
    {
        (float[][] rows, _) = SomePeople.Draw([60, 60, 60], spread: 2.5);
        var faces = new FaceVectors(rows);
        string[] runs = [.. Enumerable.Range(1, 12).Select(seed => Run(faces, (ulong)seed))];

        Assert.Equal(runs, Enumerable.Range(1, 12).Select(seed => Run(faces, (ulong)seed)));
        Assert.True(runs.Distinct().Count() > 1);

        static string Run(FaceVectors faces, ulong seed) => string.Join(' ', SomePeople.Canonical(new ChineseWhispers(20, seed).Cluster(faces, 0.1f)));
    }
}
