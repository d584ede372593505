using Semblance.Training.Tuples;

namespace Semblance.Training.Tests;

/// <summary>Mined tuples as sorted lists, to compare.</summary>
internal static class TupleLists
{
    public static long[][] Of(TripletSelection triplets)
    {
        TripletIndices list = triplets.List();
        long[] a = list.Anchors.data<long>().ToArray();
        long[] p = list.Positives.data<long>().ToArray();
        long[] n = list.Negatives.data<long>().ToArray();
        return Sorted(Enumerable.Range(0, a.Length).Select(i => new[] { a[i], p[i], n[i] }));
    }

    public static long[][] Of(PairSet set)
    {
        PairIndices pairs = set.List();
        long[] a = pairs.Anchors.data<long>().ToArray();
        long[] b = pairs.Others.data<long>().ToArray();
        return Sorted(Enumerable.Range(0, a.Length).Select(i => new[] { a[i], b[i] }));
    }

    public static long[][] Sorted(IEnumerable<long[]> tuples) =>
        [.. tuples.OrderBy(t => t[0]).ThenBy(t => t[1]).ThenBy(t => t.Length > 2 ? t[2] : 0)];
}
