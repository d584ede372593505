using System.Globalization;

namespace Semblance.Laboratory.Comparing;

/// <summary>Two losses held against each other on the same pairs and the same seeds.</summary>
public sealed record PairedComparison
{
    /// <summary>The level below which a p-value is called a difference.</summary>
    public const double Level = 0.05;

    // With fewer, 2/2ⁿ is above the level whatever is observed.
    private const int FewestUnits = 6;

    /// <summary>The loss with the higher mean accuracy.</summary>
    public required string First { get; init; }

    /// <summary>The other.</summary>
    public required string Second { get; init; }

    /// <summary>Mean accuracy of the first less that of the second, over the seeds that both finished.</summary>
    public required double Difference { get; init; }

    /// <summary>Seeds that both finished.</summary>
    public required int Seeds { get; init; }

    /// <summary>Of these, in how many the first was the more accurate.</summary>
    public required int SeedsAhead { get; init; }

    /// <summary>The tests: over pairs, over folds, over seeds.</summary>
    public required IReadOnlyList<PairedTest> Tests { get; init; }

    /// <summary>What follows, in a sentence or two.</summary>
    public required string Verdict { get; init; }

    /// <summary>Compares the two losses of the highest mean accuracy.</summary>
    /// <param name="losses">The losses, best first.</param>
    /// <param name="results">All runs.</param>
    /// <param name="folds">The fold of each pair.</param>
    /// <returns>Null where there are no two with a seed in common.</returns>
    internal static PairedComparison? OfBestTwo(IReadOnlyList<ComparedLoss> losses, IReadOnlyList<RunResult> results, IReadOnlyList<int> folds)
    {
        ComparedLoss[] best = [.. losses.Where(loss => loss.Finished > 0).Take(2)];
        if (best.Length < 2)
        {
            return null;
        }

        Dictionary<ulong, RunResult> first = Of(best[0]);
        Dictionary<ulong, RunResult> second = Of(best[1]);
        ulong[] seeds = [.. first.Keys.Where(second.ContainsKey).Order()];
        return seeds.Length == 0 ? null : Compare(best[0].Loss, best[1].Loss, [.. seeds.Select(seed => (first[seed], second[seed]))], folds);

        Dictionary<ulong, RunResult> Of(ComparedLoss loss) => results.Where(result => result.Finished && result.Loss == loss.Loss).ToDictionary(result => result.Seed);
    }

    internal static PairedComparison Compare(string first, string second, IReadOnlyList<(RunResult First, RunResult Second)> runs, IReadOnlyList<int> folds)
    {
        // By how many seeds more (or fewer) the first decided each pair rightly.
        int[] byPair = [.. Enumerable.Range(0, folds.Count).Select(i => runs.Sum(run => run.First.Decisions[i] - run.Second.Decisions[i]))];
        int[] byFold = [.. byPair.Zip(folds).GroupBy(item => item.Second, item => item.First).Select(fold => fold.Sum())];
        int[] bySeed = [.. runs.Select(run => run.First.Decisions.Zip(run.Second.Decisions, (a, b) => a - b).Sum())];
        PairedTest[] tests =
        [
            Test("pairs", byPair, runs.Count == 1
                ? "McNemar's exact test. Holds for these two trained models; takes pairs as independent, which pairs that share a person or a photo are not quite."
                : "Exact sign-flip permutation over pairs of the difference in seeds that decided rightly; with one seed it is McNemar's exact test. Holds for these trained models; takes pairs as independent, which pairs that share a person or a photo are not quite."),
            Test("folds", byFold, "The same with whole folds for units. Asks only that folds be independent, as they are where no person is in two of them; the surer of the two."),
            Test("seeds", bySeed, FormattableString.Invariant($"The same with seeds for units: would other trainings say so? Its smallest possible p with {runs.Count} is {Smallest(bySeed):0.###}.")),
        ];
        double difference = runs.Average(run => run.First.Accuracy - run.Second.Accuracy);
        int ahead = runs.Count(run => run.First.Accuracy > run.Second.Accuracy);
        return new PairedComparison
        {
            First = first,
            Second = second,
            Difference = difference,
            Seeds = runs.Count,
            SeedsAhead = ahead,
            Tests = tests,
            Verdict = Verdicts(first, second, difference, tests, ahead, runs.Count),
        };
    }

    private static PairedTest Test(string units, int[] differences, string assumption) => new(
        units, differences.Length, differences.Count(d => d > 0), differences.Count(d => d < 0), SignFlipTest.PValue(differences), Smallest(differences), assumption);

    // All signs alike, one way or the other.
    private static double Smallest(int[] differences) => Math.Min(1, Math.Pow(2, 1 - differences.Length));

    private static string Verdicts(string first, string second, double difference, PairedTest[] tests, int ahead, int seeds)
    {
        PairedTest[] counted = [.. tests.Where(test => test.Over == "pairs" || (test.Over == "folds" && test.Units >= FewestUnits))];
        PairedTest weakest = counted.MaxBy(test => test.P)!;
        string points = (100 * difference).ToString("0.00", CultureInfo.InvariantCulture);
        string p = weakest.P < 0.001 ? "below 0.001" : weakest.P.ToString("0.000", CultureInfo.InvariantCulture);
        string runs = string.Create(CultureInfo.InvariantCulture, $"it was ahead with {ahead} of {seeds} seed{(seeds == 1 ? "" : "s")}");
        return weakest.P < Level
            ? $"{first} is more accurate than {second} on people like these by {points} percentage points (p {p}, over {weakest.Over}); {runs}. The two were chosen as the best of all that were compared, which the test does not account for."
            : $"{first} has {points} percentage points more than {second}, which these pairs cannot tell from chance (p {p}, over {weakest.Over}); {runs}.";
    }
}

/// <summary>One paired test.</summary>
/// <param name="Over">What its units are: pairs, folds or seeds.</param>
/// <param name="Units">How many there are.</param>
/// <param name="FirstBetter">In how many the first loss was right more often.</param>
/// <param name="SecondBetter">In how many the second was.</param>
/// <param name="P">The exact two-sided p-value.</param>
/// <param name="SmallestP">The smallest p-value that so many units allow.</param>
/// <param name="Assumption">Which test it is, and what it takes for granted.</param>
public sealed record PairedTest(string Over, int Units, int FirstBetter, int SecondBetter, double P, double SmallestP, string Assumption);
