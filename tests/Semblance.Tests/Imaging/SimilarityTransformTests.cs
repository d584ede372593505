using System.Numerics;
using CsCheck;
using Semblance.Imaging;

namespace Semblance.Tests.Imaging;

public sealed class SimilarityTransformTests
{
    private static readonly Gen<Vector2> Point = Gen.Select(Gen.Float[-500, 500], Gen.Float[-500, 500], (x, y) => new Vector2(x, y));

    private static readonly Gen<SimilarityTransform> Transform = Gen.Select(
        Gen.Double[0.05, 20], Gen.Double[-180, 180], Gen.Double[-1000, 1000], Gen.Double[-1000, 1000], Of);

    [Fact]
    public void PointsMovedByATransformGiveItBack() => Gen.Select(Transform, Point.Array[2, 8]).Sample((transform, points) =>
    {
        // Points too near to each other determine nothing in floats.
        if (points.Max(p => Vector2.Distance(p, points[0])) > 1)
        {
            SimilarityTransform found = SimilarityTransform.Estimate(points, [.. points.Select(transform.Apply)]);
            Assert.All(points, p => Assert.True(Vector2.Distance(transform.Apply(p), found.Apply(p)) < 0.02 * (1 + (transform.Scale / 10))));
        }
    });

    [Fact]
    public void NoNeighbouringTransformComesNearer() => Gen.Select(Point.Array[3, 6], Point.Array[6], Gen.Double[-1, 1].Array[4]).Sample((from, targets, nudge) =>
    {
        Vector2[] to = targets[..from.Length];
        if (!SimilarityTransform.TryEstimate(from, to, out SimilarityTransform best))
        {
            return;
        }

        double least = Residual(best, from, to);
        foreach (double size in new[] { 1e-4, 1e-2, 1 })
        {
            var other = new SimilarityTransform(best.A + (size * nudge[0]), best.B + (size * nudge[1]), best.Tx + (size * nudge[2]), best.Ty + (size * nudge[3]));
            Assert.True(Residual(other, from, to) >= least * (1 - 1e-9));
        }
    });

    [Fact]
    public void TheInverseBringsBack() => Gen.Select(Transform, Point).Sample((transform, point) =>
        Assert.True(Vector2.Distance(point, transform.Inverse().Apply(transform.Apply(point))) < 0.01 * (1 + (1 / transform.Scale))));

    [Fact]
    public void ThenIsOneAfterTheOther() => Gen.Select(Transform, Transform, Point).Sample((first, second, point) =>
        Assert.True(Vector2.Distance(second.Apply(first.Apply(point)), first.Then(second).Apply(point)) < 0.05));

    [Fact]
    public void ScaleAndAngleAreThoseItWasMadeOf() => Gen.Select(Gen.Double[0.05, 20], Gen.Double[-179, 179]).Sample((scale, angle) =>
    {
        SimilarityTransform transform = Of(scale, angle, 3, 4);
        Assert.Equal(scale, transform.Scale, 9);
        Assert.Equal(angle, transform.RotationDegrees, 9);
    });

    [Fact]
    public void APositiveAngleTurnsClockwiseAsSeen()
    {
        // y points down: what was on the right comes to lie below.
        Vector2 turned = Of(1, 90, 0, 0).Apply(new Vector2(10, 0));
        Assert.True(Vector2.Distance(turned, new Vector2(0, 10)) < 1e-5);
    }

    [Fact]
    public void AMirrorImageIsNotMatchedByMirroring()
    {
        Vector2[] face = [new(30, 50), new(70, 52), new(50, 70), new(38, 90), new(66, 92)];
        Vector2[] mirrored = [.. face.Select(p => new Vector2(-p.X, p.Y))];
        SimilarityTransform best = SimilarityTransform.Estimate(face, mirrored);
        Assert.True(Residual(best, face, mirrored) > 1000);
    }

    [Fact]
    public void PointsThatDetermineNothingAreRefused()
    {
        Vector2[] good = [new(1, 2), new(30, 4), new(15, 40)];
        Vector2[] same = [new(7, 7), new(7, 7), new(7, 7)];
        Vector2[] broken = [new(1, 2), new(float.NaN, 4), new(15, 40)];
        Vector2[] endless = [new(1, 2), new(float.PositiveInfinity, 4), new(15, 40)];
        foreach ((Vector2[] from, Vector2[] to) in new[] { (same, good), (good, same), (broken, good), (good, broken), (endless, good) })
        {
            Assert.False(SimilarityTransform.TryEstimate(from, to, out SimilarityTransform transform));
            Assert.Equal(SimilarityTransform.Identity, transform);
            Assert.Contains("coincide", Assert.Throws<SemblanceException>(() => SimilarityTransform.Estimate(from, to)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AnEquilateralTriangleAndItsMirrorImageHaveNoBestRotation()
    {
        Vector2[] triangle = [new(1, 0), new(-0.5f, 0.8660254f), new(-0.5f, -0.8660254f)];
        Vector2[] mirrored = [triangle[0], triangle[2], triangle[1]];
        SimilarityTransform.TryEstimate(triangle, mirrored, out SimilarityTransform found);

        // In floats the symmetry is inexact: either nothing is found or a face shrunk to nothing.
        Assert.True(found == SimilarityTransform.Identity || found.Scale < 1e-6);
    }

    [Fact]
    public void FewerThanTwoPointsAndUnequalCountsAreTheCallersFault()
    {
        Assert.Throws<ArgumentException>(() => SimilarityTransform.TryEstimate([new(1, 1)], [new(2, 2)], out _));
        Assert.Throws<ArgumentException>(() => SimilarityTransform.TryEstimate([new(1, 1), new(2, 1)], [new(2, 2)], out _));
    }

    [Fact]
    public void WhatShrinksToNothingHasNoInverse()
    {
        Assert.False(new SimilarityTransform(0, 0, 1, 1).IsInvertible);
        Assert.Throws<InvalidOperationException>(() => new SimilarityTransform(0, 0, 1, 1).Inverse());
        Assert.Throws<InvalidOperationException>(() => new SimilarityTransform(double.NaN, 0, 1, 1).Inverse());
    }

    private static SimilarityTransform Of(double scale, double angle, double tx, double ty) =>
        new(scale * Math.Cos(angle * Math.PI / 180), scale * Math.Sin(angle * Math.PI / 180), tx, ty);

    private static double Residual(SimilarityTransform transform, Vector2[] from, Vector2[] to)
    {
        double sum = 0;
        for (int i = 0; i < from.Length; i++)
        {
            double x = (transform.A * from[i].X) - (transform.B * from[i].Y) + transform.Tx - to[i].X;
            double y = (transform.B * from[i].X) + (transform.A * from[i].Y) + transform.Ty - to[i].Y;
            sum += (x * x) + (y * y);
        }

        return sum;
    }
}
