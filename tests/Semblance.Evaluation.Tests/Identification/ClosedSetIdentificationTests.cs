using CsCheck;
using Semblance.Evaluation.Identification;

namespace Semblance.Evaluation.Tests.Identification;

public class ClosedSetIdentificationTests
{
    [Fact]
    public void Ranks_are_those_of_sorting_every_subject_by_hand() => Gen.Select(Gen.Int[1, 6], Gen.Int[1, 3], Gen.Int[1, 8], Gen.Int).Sample((subjects, each, probeCount, seed) =>
    {
        // Small whole-number vectors of equal norm: exact in float, and full of ties.
        var random = new Random(seed);
        int[] gallerySubjects = [.. Enumerable.Range(0, subjects * each).Select(i => (i % subjects) * 7)];
        float[][] gallery = [.. gallerySubjects.Select(_ => Vector(random))];
        int[] probeSubjects = [.. Enumerable.Range(0, probeCount).Select(_ => random.Next(subjects) * 7)];
        float[][] probes = [.. probeSubjects.Select(_ => Vector(random))];
        IdentificationReport report = ClosedSetIdentification.Evaluate(gallery, gallerySubjects, probes, probeSubjects, 4);

        for (int rank = 1; rank <= report.Cmc.Count; rank++)
        {
            int found = 0;
            for (int p = 0; p < probeCount; p++)
            {
                int Best(int subject) => Enumerable.Range(0, gallery.Length).Where(g => gallerySubjects[g] == subject)
                    .Max(g => (int)gallery[g].Zip(probes[p], (a, b) => a * b).Sum());
                int own = Best(probeSubjects[p]);
                int ahead = gallerySubjects.Distinct().Count(s => s != probeSubjects[p] && Best(s) >= own);
                found += ahead < rank ? 1 : 0;
            }

            Assert.Equal((double)found / probeCount, report.Cmc[rank - 1]);
        }

        Assert.Equal(Math.Min(4, subjects), report.Cmc.Count);
        if (subjects <= 4)
        {
            Assert.Equal(1, report.Cmc[^1]);
        }

        static float[] Vector(Random random) => [.. Enumerable.Range(0, 4).Select(_ => random.Next(2) == 0 ? 1f : -1f)];
    });

    [Fact]
    public void Constant_embeddings_earn_nothing()
    {
        float[][] same = [[1, 0], [1, 0], [1, 0]];
        Assert.Equal(0, ClosedSetIdentification.Evaluate(same, [0, 1, 2], same, [0, 1, 2]).Rank1);
    }

    [Fact]
    public void A_probe_of_a_stranger_is_refused_with_the_number()
    {
        var e = Assert.Throws<SemblanceException>(() => ClosedSetIdentification.Evaluate([[1f]], [0], [[1f], [1f]], [0, 5]));
        Assert.Contains("1 of 2 probes show people who are not in the gallery", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_and_non_finite_sets_are_refused()
    {
        Assert.Throws<SemblanceException>(() => ClosedSetIdentification.Evaluate([], [], [[1f]], [0]));
        Assert.Throws<SemblanceException>(() => ClosedSetIdentification.Evaluate([[float.NaN]], [0], [[1f]], [0]));
    }
}
