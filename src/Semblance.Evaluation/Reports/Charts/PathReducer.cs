using System.Globalization;
using System.Text;

namespace Semblance.Evaluation.Reports.Charts;

/// <summary>
/// Writes a polyline as SVG path data, keeping of each half pixel's points only the first, the lowest, the highest and the last: the picture
/// stays the same whatever the number of points.
/// </summary>
internal static class PathReducer
{
    public static string ToPath(IReadOnlyList<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        (string X, string Y) last = ("", "");
        for (int i = 0; i < points.Count;)
        {
            double column = Math.Floor(points[i].X * 2);
            int low = i;
            int high = i;
            int end = i;
            for (; end < points.Count && Math.Floor(points[end].X * 2) == column; end++)
            {
                low = points[end].Y < points[low].Y ? end : low;
                high = points[end].Y > points[high].Y ? end : high;
            }

            foreach (int k in new[] { i, Math.Min(low, high), Math.Max(low, high), end - 1 }.Distinct())
            {
                (string X, string Y) next = (points[k].X.ToString("0.#", CultureInfo.InvariantCulture), points[k].Y.ToString("0.#", CultureInfo.InvariantCulture));
                if (next != last)
                {
                    path.Append(path.Length == 0 ? 'M' : 'L').Append(next.X).Append(' ').Append(next.Y);
                    last = next;
                }
            }

            i = end;
        }

        return path.ToString();
    }
}
