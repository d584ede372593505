using CsCheck;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;

namespace Semblance.Recognition.Tests;

public sealed class GalleryIndexTests
{
    [Fact]
    public void A_subject_scores_its_best_template()
    {
        GalleryIndex index = Load(("ann", [0f, 1f]), ("bob", [0.8f, 0.6f]), ("ann", [1f, 0f]));
        SubjectMatch[] matches = index.Search([1f, 0f], 5);
        Assert.Equal(["ann", "bob"], matches.Select(m => m.Subject));
        Assert.Equal(1f, matches[0].Cosine, 1e-6f);
        Assert.Equal(3, matches[0].TemplateId);
        Assert.Equal("2.jpg", matches[0].Source);
        Assert.Equal((2, 3), (index.SubjectCount, index.TemplateCount));
    }

    [Fact]
    public void A_crowd_of_templates_does_not_hide_the_other_subjects()
    {
        var templates = Enumerable.Range(0, 5000).Select(_ => ("crowd", new[] { 1f, 0f })).ToList();
        templates.Add(("last", [-1f, 0f]));
        templates.Insert(0, ("first", [0f, 1f]));
        Assert.Equal(["crowd", "first", "last"], Load([.. templates]).Search([1f, 0f], 3).Select(m => m.Subject));
    }

    [Fact]
    public void An_empty_gallery_knows_nobody() => Assert.Empty(Load().Search([1f, 0f], 3));

    [Fact]
    public void Equal_cosines_come_in_order_of_enrolment() =>
        Assert.Equal(["z", "a"], Load(("z", [1f, 0f]), ("a", [1f, 0f])).Search([1f, 0f], 3).Select(m => m.Subject));

    [Fact]
    public void Agrees_with_grouping_all_scores() => Gen.Select(
        Gen.Int[0, 9].Array[0, 60], Gen.Float[-1f, 1f].Array[4 * 60], Gen.Float[0.1f, 1f].Array[4], Gen.Int[1, 12]).Sample((owners, values, probe, top) =>
        {
            (string, float[])[] templates = [.. owners.Select((owner, i) => ($"s{owner}", values[(4 * i)..((4 * i) + 4)]))];
            SubjectMatch[] found = Load(4, templates).Search(probe, top);
            var expected = templates.GroupBy(t => t.Item1)
                .ToDictionary(g => g.Key, g => g.Max(t => (float)ExactCosine.Of(t.Item2, probe)));
            Assert.Equal(Math.Min(top, expected.Count), found.Length);
            Assert.Equal(found.Length, found.Select(m => m.Subject).Distinct().Count());
            float[] best = [.. expected.Values.OrderDescending().Take(top)];
            for (int i = 0; i < found.Length; i++)
            {
                Assert.Equal(best[i], found[i].Cosine, 2e-6f);
                Assert.Equal(expected[found[i].Subject], found[i].Cosine, 2e-6f);
            }
        });

    private static GalleryIndex Load(params (string Subject, float[] Embedding)[] templates) => Load(2, templates);

    private static GalleryIndex Load(int size, (string Subject, float[] Embedding)[] templates)
    {
        var names = templates.Select(t => t.Subject).Distinct().ToList();
        return GalleryIndex.Load(size, templates.Select((t, i) => new GalleryTemplate(
            i + 1, names.IndexOf(t.Subject), t.Subject, t.Embedding, $"{i}.jpg", new byte[32], DateTimeOffset.UnixEpoch)));
    }
}
