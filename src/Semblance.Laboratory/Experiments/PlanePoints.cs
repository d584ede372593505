namespace Semblance.Laboratory.Experiments;

/// <summary>Where a network has put photos, and how well their people are parted.</summary>
/// <param name="X">First number of each embedding; those of a person stand side by side.</param>
/// <param name="Y">Second number of each embedding.</param>
/// <param name="Identities">The person of each, from 0.</param>
/// <param name="Accuracy">Share of photos that lie nearest, by angle, to the mean direction of their own person, 0…1.</param>
/// <param name="DistanceAccuracy">The same by distance to the mean point.</param>
/// <param name="IntraAngle">Mean angle between a photo and its person's mean direction, in degrees.</param>
/// <param name="InterAngle">Mean over people of the angle to the nearest other mean direction, in degrees.</param>
/// <param name="SmallestInterAngle">The smallest angle between two mean directions, in degrees.</param>
/// <param name="Spread">Mean distance of a photo to its person's mean point, as a share of the mean distance of a mean point to its nearest other.</param>
/// <param name="MeanNorm">Mean length of the embeddings.</param>
public sealed record PlanePoints(
    IReadOnlyList<double> X,
    IReadOnlyList<double> Y,
    IReadOnlyList<int> Identities,
    double Accuracy,
    double DistanceAccuracy,
    double IntraAngle,
    double InterAngle,
    double SmallestInterAngle,
    double Spread,
    double MeanNorm)
{
    private readonly record struct Point(double X, double Y)
    {
        public double Norm => Math.Sqrt((X * X) + (Y * Y));

        public Point Unit => Norm > 0 ? new Point(X / Norm, Y / Norm) : this;

        public double AngleTo(Point other) => Math.Acos(Math.Clamp((Unit.X * other.Unit.X) + (Unit.Y * other.Unit.Y), -1, 1)) * 180 / Math.PI;

        public double DistanceTo(Point other) => new Point(X - other.X, Y - other.Y).Norm;
    }

    /// <summary>Measures.</summary>
    /// <param name="points">[people · photos × 2], row by row; at least two people.</param>
    /// <param name="photos">Photos of each person, at least 1.</param>
    internal static PlanePoints Of(IReadOnlyList<float> points, int photos)
    {
        Point[] all = [.. Enumerable.Range(0, points.Count / 2).Select(i => new Point(points[2 * i], points[(2 * i) + 1]))];
        Point[] directions = [.. all.Chunk(photos).Select(own => Mean(own.Select(point => point.Unit)))];
        Point[] middles = [.. all.Chunk(photos).Select(Mean)];
        int[] identities = [.. Enumerable.Range(0, all.Length).Select(i => i / photos)];
        double[] nearestAngles = Nearest(directions, (a, b) => a.AngleTo(b));
        return new PlanePoints(
            [.. all.Select(point => Math.Round(point.X, 5))],
            [.. all.Select(point => Math.Round(point.Y, 5))],
            identities,
            Share(all, identities, directions, (point, mean) => point.AngleTo(mean)),
            Share(all, identities, middles, (point, mean) => point.DistanceTo(mean)),
            identities.Index().Average(item => all[item.Index].AngleTo(directions[item.Item])),
            nearestAngles.Average(),
            nearestAngles.Min(),
            identities.Index().Average(item => all[item.Index].DistanceTo(middles[item.Item])) / Nearest(middles, (a, b) => a.DistanceTo(b)).Average(),
            all.Average(point => point.Norm));
    }

    private static Point Mean(IEnumerable<Point> points)
    {
        Point[] all = [.. points];
        return new Point(all.Average(point => point.X), all.Average(point => point.Y));
    }

    private static double Share(Point[] points, int[] identities, Point[] means, Func<Point, Point, double> far) =>
        identities.Index().Average(item => means.Index().MinBy(mean => far(points[item.Index], mean.Item)).Index == item.Item ? 1.0 : 0.0);

    private static double[] Nearest(Point[] means, Func<Point, Point, double> far) =>
        [.. means.Index().Select(one => means.Index().Where(other => other.Index != one.Index).Min(other => far(one.Item, other.Item)))];
}
