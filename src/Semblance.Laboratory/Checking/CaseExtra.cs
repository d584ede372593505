namespace Semblance.Laboratory.Checking;

/// <summary>Numbers beside loss and gradients: counts, state after the batch, mined tuples, probabilities.</summary>
/// <param name="Name">Their name in the file.</param>
/// <param name="Actual">What ours are.</param>
/// <param name="Expected">What the case has; an infinite one asks for one that is not finite.</param>
/// <param name="Exact">Whether they must be equal, as counts and positions must; else they are compared within the tolerance of the dtype.</param>
public sealed record CaseExtra(string Name, double[] Actual, double[] Expected, bool Exact)
{
    /// <summary>Compares tuples of positions, whose order carries no meaning.</summary>
    /// <param name="name">Their name in the file.</param>
    /// <param name="actual">What ours are.</param>
    /// <param name="expected">What the case has.</param>
    public static CaseExtra Tuples(string name, IEnumerable<long[]> actual, IEnumerable<long[]> expected) =>
        new(name, Sorted(actual), Sorted(expected), Exact: true);

    private static double[] Sorted(IEnumerable<long[]> tuples) =>
        [.. tuples.Order(Comparer<long[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))).SelectMany(t => t.Select(i => (double)i))];
}
