using Semblance.Data;
using Semblance.Numerics;

namespace Semblance.Evaluation.Protocols;

/// <summary>
/// Draws LFW-style pairs from any dataset: as many genuine as impostor pairs in each fold, and no person in two folds, so that a threshold
/// chosen on some folds meets only strangers in another (Huang et al. 2007 build their View 2 likewise).
/// </summary>
public static class PairProtocol
{
    /// <summary>
    /// Draws pairs. Same dataset, same numbers, same pairs. Genuine pairs go round the people, so that nobody with many photos dominates;
    /// impostor pairs join two people of the fold drawn uniformly and a photo of each. No pair occurs twice.
    /// </summary>
    /// <param name="dataset">The images; identities with one image serve in impostor pairs only.</param>
    /// <param name="pairsPerFold">Genuine pairs in each fold, at least 1; there are as many impostor pairs.</param>
    /// <param name="folds">Number of folds, at least 1.</param>
    /// <param name="seed">Chooses people and pairs.</param>
    /// <param name="excludedPaths">Images not to be used, for example unreadable ones; none where null.</param>
    /// <exception cref="UsageException">The dataset has too few people or images; the message says what it would suffice for.</exception>
    public static LfwPairs Draw(FaceDataset dataset, int pairsPerFold, int folds, ulong seed, IReadOnlySet<string>? excludedPaths = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(pairsPerFold, 1);
        List<string[]>[] people = Deal(dataset, folds, seed, excludedPaths);
        int possible = people.Min(Capacity);
        if (possible < pairsPerFold)
        {
            throw new UsageException(
                $"{dataset.Source}: its images suffice for {possible} genuine and as many impostor pairs in each of {folds} folds, not for {pairsPerFold}; ask for fewer.");
        }

        var pairs = new List<LfwPair>();
        for (int fold = 0; fold < folds; fold++)
        {
            var random = new CountedRandom(seed, 0x50414952, (ulong)fold + 1);
            DrawGenuine(people[fold], pairsPerFold, fold + 1, ref random, pairs);
            DrawImpostor(people[fold], pairsPerFold, fold + 1, ref random, pairs);
        }

        return new LfwPairs($"pairs drawn from {dataset.Source}", pairs);
    }

    /// <summary>The largest pairsPerFold that <see cref="Draw"/> can serve with the same arguments.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="folds">Number of folds, at least 1.</param>
    /// <param name="seed">As for <see cref="Draw"/>.</param>
    /// <param name="excludedPaths">As for <see cref="Draw"/>.</param>
    /// <exception cref="UsageException">The dataset has too few people for so many folds.</exception>
    public static int MaximumPairsPerFold(FaceDataset dataset, int folds, ulong seed, IReadOnlySet<string>? excludedPaths = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return Deal(dataset, folds, seed, excludedPaths).Min(Capacity);
    }

    /// <summary>Shuffles people into folds: first those with two or more images, then the rest, so that every fold gets its share of both.</summary>
    private static List<string[]>[] Deal(FaceDataset dataset, int folds, ulong seed, IReadOnlySet<string>? excludedPaths)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 1);
        string[][] everyone = [.. dataset.Images
            .Where(image => excludedPaths?.Contains(image.Path) != true)
            .GroupBy(image => image.Identity, image => image.Path)
            .OrderBy(person => person.Key)
            .Select(person => person.ToArray())];
        new CountedRandom(seed, 0x464F4C44).Shuffle<string[]>(everyone);
        var result = new List<string[]>[folds];
        for (int f = 0; f < folds; f++)
        {
            result[f] = [];
        }

        int next = 0;
        foreach (string[] person in everyone.OrderBy(p => p.Length > 1 ? 0 : 1))
        {
            result[next++ % folds].Add(person);
        }

        int paired = everyone.Count(p => p.Length > 1);
        return paired >= folds && everyone.Length >= 2 * folds
            ? result
            : throw new UsageException(
                $"{dataset.Source}: has {everyone.Length} people, {paired} of them with two or more images; {folds} folds of pairs need at least {2 * folds} people, {folds} of them with two images. Use fewer folds or more people.");
    }

    private static int Capacity(List<string[]> people)
    {
        long genuine = people.Sum(p => (long)p.Length * (p.Length - 1) / 2);
        long images = people.Sum(p => (long)p.Length);
        long impostor = (images * (images - 1) / 2) - genuine;
        return (int)Math.Min(int.MaxValue, Math.Min(genuine, impostor));
    }

    private static void DrawGenuine(List<string[]> people, int count, int fold, ref CountedRandom random, List<LfwPair> pairs)
    {
        string[][] order = [.. people.Where(p => p.Length > 1)];
        random.Shuffle<string[]>(order);
        var left = new List<(int First, int Second)>[order.Length];
        for (int drawn = 0, turn = 0; drawn < count; turn++)
        {
            string[] person = order[turn % order.Length];
            List<(int First, int Second)> open = left[turn % order.Length] ??= Combinations(person.Length);
            if (open.Count > 0)
            {
                int choice = random.NextInt(open.Count);
                (int first, int second) = open[choice];
                open[choice] = open[^1];
                open.RemoveAt(open.Count - 1);
                pairs.Add(new LfwPair(person[first], person[second], Same: true, fold, Line: 0));
                drawn++;
            }
        }
    }

    private static void DrawImpostor(List<string[]> people, int count, int fold, ref CountedRandom random, List<LfwPair> pairs)
    {
        var seen = new HashSet<(string, string)>();
        long misses = 0;
        while (seen.Count < count)
        {
            int a = random.NextInt(people.Count);
            int b = random.NextInt(people.Count - 1);
            b += b >= a ? 1 : 0;
            string first = people[a][random.NextInt(people[a].Length)];
            string second = people[b][random.NextInt(people[b].Length)];
            (string, string) key = string.CompareOrdinal(first, second) < 0 ? (first, second) : (second, first);
            if (seen.Add(key))
            {
                pairs.Add(new LfwPair(first, second, Same: false, fold, Line: 0));
            }
            else if (++misses > 20L * count)
            {
                // Nearly every pair that exists is asked for: name them all and take the rest by lot.
                FillImpostor(people, count, fold, ref random, pairs, seen);
            }
        }
    }

    private static void FillImpostor(
        List<string[]> people, int count, int fold, ref CountedRandom random, List<LfwPair> pairs, HashSet<(string, string)> seen)
    {
        var open = new List<(string First, string Second)>();
        for (int a = 0; a < people.Count; a++)
        {
            for (int b = a + 1; b < people.Count; b++)
            {
                open.AddRange(
                    from first in people[a]
                    from second in people[b]
                    select string.CompareOrdinal(first, second) < 0 ? (first, second) : (second, first));
            }
        }

        (string First, string Second)[] rest = [.. open.Where(p => !seen.Contains(p))];
        random.Shuffle<(string, string)>(rest);
        foreach ((string First, string Second) pair in rest.Take(count - seen.Count).ToArray())
        {
            seen.Add(pair);
            pairs.Add(new LfwPair(pair.First, pair.Second, Same: false, fold, Line: 0));
        }
    }

    private static List<(int First, int Second)> Combinations(int count)
    {
        var all = new List<(int, int)>();
        for (int i = 0; i < count; i++)
        {
            for (int j = i + 1; j < count; j++)
            {
                all.Add((i, j));
            }
        }

        return all;
    }
}
