using System.Numerics;
using CsCheck;
using Semblance.Imaging;
using Semblance.Recognition.Detection.Decoding;

namespace Semblance.Recognition.Tests.Detection;

public sealed class NonMaximumSuppressionTests
{
    private static readonly Gen<Candidate> Candidates =
        from x in Gen.Float[0, 100]
        from y in Gen.Float[0, 100]
        from width in Gen.Float[1, 60]
        from height in Gen.Float[1, 60]
        from score in Gen.Float[0.01f, 1]
        select new Candidate(new FaceBox(x, y, x + width, y + height), score, default);

    [Fact]
    public void What_stays_does_not_overlap_and_what_goes_overlaps_something_better() =>
        Gen.Select(Candidates.List[0, 40], Gen.Float[0.05f, 0.95f]).Sample((candidates, overlap) =>
        {
            List<Candidate> kept = NonMaximumSuppression.Greedy([.. candidates], overlap);
            Assert.Equal(kept.OrderByDescending(k => k.Score), kept);
            for (int i = 0; i < kept.Count; i++)
            {
                Assert.All(kept.Take(i), other => Assert.True(other.Box.IntersectionOverUnion(kept[i].Box) <= overlap));
            }

            Assert.All(candidates.Except(kept), gone => Assert.Contains(
                kept, k => k.Score >= gone.Score && k.Box.IntersectionOverUnion(gone.Box) > overlap));
        });

    [Fact]
    public void Suppressing_again_changes_nothing() =>
        Gen.Select(Candidates.List[0, 40], Gen.Float[0.05f, 0.95f]).Sample((candidates, overlap) =>
        {
            List<Candidate> once = NonMaximumSuppression.Greedy([.. candidates], overlap, containment: 0.7f);
            Assert.Equal(once, NonMaximumSuppression.Greedy([.. once], overlap, containment: 0.7f));
        });

    [Fact]
    public void A_box_within_a_better_one_goes_where_containment_is_asked_for()
    {
        Candidate head = new(new FaceBox(0, 0, 100, 100), 0.9f, default), eye = new(new FaceBox(20, 20, 40, 40), 0.8f, default);
        Assert.Equal([head, eye], NonMaximumSuppression.Greedy([eye, head], 0.4f));
        Assert.Equal([head], NonMaximumSuppression.Greedy([eye, head], 0.4f, containment: 0.7f));
    }

    [Fact]
    public void Blending_gives_the_weighted_mean_and_the_best_score()
    {
        var points = new FacePoints(5, new(1, 1), new(2, 2), new(3, 3), new(4, 4), new(5, 5));
        Candidate best = new(new FaceBox(0, 0, 10, 10), 0.9f, points);
        Candidate near = new(new FaceBox(2, 0, 12, 10), 0.6f, points.Map(p => p + new Vector2(2, 0)));
        Candidate far = new(new FaceBox(50, 50, 60, 60), 0.5f, points);
        List<Candidate> blended = NonMaximumSuppression.Blend([near, far, best], 0.3f);
        Assert.Equal([0.9f, 0.5f], blended.Select(b => b.Score));
        Assert.Equal(0.8f, blended[0].Box.Left, 1e-5f);
        Assert.Equal(10.8f, blended[0].Box.Right, 1e-5f);
        Assert.Equal(1.8f, blended[0].Points.LeftEye.X, 1e-5f);
        Assert.Equal(1, blended[0].Points.LeftEye.Y, 1e-5f);
        Assert.Equal(far.Box.Left, blended[1].Box.Left, 1e-4f);
    }

    [Fact]
    public void A_blend_lies_within_the_boxes_it_is_made_of() =>
        Gen.Select(Candidates.List[1, 40], Gen.Float[0.05f, 0.95f]).Sample((candidates, overlap) =>
        {
            List<Candidate> blended = NonMaximumSuppression.Blend([.. candidates], overlap);
            Assert.InRange(blended.Count, 1, candidates.Count);
            Assert.Equal(candidates.Max(c => c.Score), blended[0].Score);
            Assert.All(blended, b => Assert.True(
                b.Box.Left >= candidates.Min(c => c.Box.Left) - 0.01f && b.Box.Bottom <= candidates.Max(c => c.Box.Bottom) + 0.01f));
        });

    [Fact]
    public void Boxes_without_an_inside_or_with_infinite_sides_are_dropped()
    {
        List<Candidate> unsound =
        [
            new(new FaceBox(0, 0, 0, 10), 0.9f, default), new(new FaceBox(0, 0, float.PositiveInfinity, 10), 0.9f, default),
            new(new FaceBox(float.NaN, 0, 1, 1), 0.9f, default), new(new FaceBox(5, 5, 1, 1), 0.9f, default),
        ];
        Assert.Empty(NonMaximumSuppression.Greedy([.. unsound], 0.4f));
        Assert.Empty(NonMaximumSuppression.Blend([.. unsound], 0.4f));
    }
}
