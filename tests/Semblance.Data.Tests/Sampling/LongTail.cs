namespace Semblance.Data.Tests.Sampling;

/// <summary>Labels of a small long tail.</summary>
internal static class LongTail
{
    /// <summary>Labels in which identity i has counts[i] images.</summary>
    public static int[] Of(params int[] counts) => [.. counts.SelectMany((count, identity) => Enumerable.Repeat(identity, count))];

    /// <summary>How often each identity comes in an epoch.</summary>
    public static int[] Visits(int[][] batches, int[] labels)
    {
        int[] visits = new int[labels.Max() + 1];
        foreach (int image in batches.SelectMany(batch => batch))
        {
            visits[labels[image]]++;
        }

        return visits;
    }
}
