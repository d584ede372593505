using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>The tuples that a case has as mined, whatever its embeddings.</summary>
internal sealed class GivenPairs : ITupleMiner<PairSelection>
{
    private readonly IReadOnlyList<long[]> _positives;
    private readonly IReadOnlyList<long[]> _negatives;

    /// <summary>Pairs as they are listed.</summary>
    public GivenPairs(IReadOnlyList<long[]> positives, IReadOnlyList<long[]> negatives) => (_positives, _negatives) = (positives, negatives);

    /// <summary>The pairs within triplets, as often as they are held.</summary>
    public static GivenPairs OfTriplets(IReadOnlyList<long[]> triplets) =>
        new([.. triplets.Select(t => new[] { t[0], t[1] })], [.. triplets.Select(t => new[] { t[0], t[2] })]);

    public PairSelection Mine(DistanceMatrix distances, IdentityRelations relations) => new(Set(_positives), Set(_negatives));

    private static PairSet Set(IReadOnlyList<long[]> pairs) => PairSet.Of(
        new PairIndices(tensor(pairs.Select(p => p[0]).ToArray()), tensor(pairs.Select(p => p[1]).ToArray())));
}
