using System.Numerics;
using CsCheck;
using Semblance.Imaging;

namespace Semblance.Tests.Imaging;

public class SimilarityTransformTests
{
    private static readonly Gen<SimilarityTransform> Transforms = Gen.Select(
        Gen.Double[0.1, 5], Gen.Double[-3, 3], Gen.Double[-100, 100], Gen.Double[-100, 100],
        (scale, angle, x, y) => new SimilarityTransform(scale * Math.Cos(angle), scale * Math.Sin(angle), x, y));

    private static readonly Gen<Vector2[]> Points = Gen.Select(Gen.Float[-100, 100], Gen.Float[-100, 100], (x, y) => new Vector2(x, y)).Array[5];

    [Fact]
    public void Points_moved_by_a_transform_give_it_back() => Gen.Select(Transforms, Points).Where(c => Spread(c.Item2) > 10).Sample((transform, points) =>
    {
        SimilarityTransform found = SimilarityTransform.Estimate(points, [.. points.Select(transform.Apply)])!.Value;
        Assert.Equal(transform.A, found.A, 1e-3);
        Assert.Equal(transform.B, found.B, 1e-3);
        Assert.All(points, p => Assert.True((transform.Apply(p) - found.Apply(p)).Length() < 0.01));
    });

    [Fact]
    public void No_small_change_fits_better_than_the_estimate() => Gen.Select(Points, Points).Where(c => Spread(c.Item1) > 10).Sample((from, to) =>
    {
        SimilarityTransform best = SimilarityTransform.Estimate(from, to)!.Value;
        double least = Error(best);
        foreach (double step in (double[])[-1e-2, 1e-2])
        {
            Assert.True(Error(best with { A = best.A + step }) > least);
            Assert.True(Error(best with { B = best.B + step }) > least);
            Assert.True(Error(best with { ShiftX = best.ShiftX + step }) >= least - 1e-3);
            Assert.True(Error(best with { ShiftY = best.ShiftY + step }) >= least - 1e-3);
        }

        double Error(SimilarityTransform t) => from.Zip(to).Sum(p =>
        {
            double x = (t.A * p.First.X) - (t.B * p.First.Y) + t.ShiftX - p.Second.X, y = (t.B * p.First.X) + (t.A * p.First.Y) + t.ShiftY - p.Second.Y;
            return (x * x) + (y * y);
        });
    });

    [Fact]
    public void The_inverse_undoes() => Gen.Select(Transforms, Points).Sample((transform, points) =>
        Assert.All(points, p => Assert.True((transform.Inverse.Apply(transform.Apply(p)) - p).Length() < 0.01)));

    [Fact]
    public void Then_is_one_after_the_other() => Gen.Select(Transforms, Transforms, Points).Sample((first, second, points) =>
        Assert.All(points, p => Assert.True((second.Apply(first.Apply(p)) - first.Then(second).Apply(p)).Length() < 0.05)));

    [Fact]
    public void A_mirror_image_is_not_matched_by_mirroring()
    {
        Vector2[] face = [new(30, 50), new(70, 52), new(50, 70), new(38, 90), new(66, 92)];
        Vector2[] mirrored = [.. face.Select(p => new Vector2(-p.X, p.Y))];
        SimilarityTransform best = SimilarityTransform.Estimate(face, mirrored)!.Value;
        Assert.True(face.Zip(mirrored).Sum(p => Vector2.DistanceSquared(best.Apply(p.First), p.Second)) > 1000);
    }

    [Fact]
    public void A_quarter_turn_clockwise_is_90_degrees()
    {
        SimilarityTransform turn = SimilarityTransform.Estimate([new(0, 0), new(1, 0)], [new(0, 0), new(0, 2)])!.Value;
        Assert.Equal(90, turn.RotationDegrees, 6);
        Assert.Equal(2, turn.Scale, 6);
    }

    [Fact]
    public void Points_that_coincide_have_no_transform()
    {
        Assert.Null(SimilarityTransform.Estimate([new(3, 3), new(3, 3)], [new(0, 0), new(1, 1)]));
        Assert.Null(SimilarityTransform.Estimate([new(0, 0), new(1, 1)], [new(3, 3), new(3, 3)]));
        Assert.Throws<ArgumentException>(() => SimilarityTransform.Estimate([new(0, 0)], [new(0, 0)]));
        Assert.Throws<InvalidOperationException>(() => new SimilarityTransform(0, 0, 1, 1).Inverse);
    }

    private static double Spread(Vector2[] points) => points.Max(p => (p - points[0]).Length());
}
