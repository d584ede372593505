using Semblance.Data;
using Semblance.Evaluation.Protocols;
using Semblance.Evaluation.Verification;
using Semblance.Numerics;
using Semblance.Training.Loop;

namespace Semblance.Laboratory.Comparing;

/// <summary>What a comparison is tested on: pairs of people whom no run is trained on.</summary>
internal sealed class ComparisonPairs : IDisposable
{
    private const ulong Purpose = 0x4845_4C44;
    private const int MostFolds = 10;
    private const int MostPairs = 300;
    private const int FewestPeople = 4;

    private ComparisonPairs(FaceDataset dataset, LfwPairs pairs, int people) => (Dataset, Pairs, People) = (dataset, pairs, people);

    /// <summary>Where the pairs' images are.</summary>
    public FaceDataset Dataset { get; }

    /// <summary>The pairs.</summary>
    public LfwPairs Pairs { get; }

    /// <summary>How many people they show.</summary>
    public int People { get; }

    /// <summary>Reads or draws the pairs, and writes them and the names of their people into the folder.</summary>
    /// <exception cref="UsageException">The data have too few people, or the folder holds other pairs.</exception>
    /// <exception cref="SemblanceException">Data or pairs cannot be read.</exception>
    public static ComparisonPairs Prepare(ComparisonPlan plan, ComparisonFolder folder, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        IReadOnlySet<string> unwanted = IdentityList.Read(plan.Base.ExcludeIdentities);
        return plan.Pairs is { } pairs ? Given(plan, pairs, folder, unwanted) : Drawn(plan, folder, unwanted, progress, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => Dataset.Dispose();

    private static ComparisonPairs Given(ComparisonPlan plan, string path, ComparisonFolder folder, IReadOnlySet<string> unwanted)
    {
        LfwPairs pairs = LfwPairs.Read(path);
        FaceDataset dataset = FaceDataset.Open(plan.PairsData ?? plan.Base.Data);
        try
        {
            VerificationEvaluator.RequireImages(dataset, pairs);
            IReadOnlySet<string> people = pairs.IdentitiesOfFolds([.. Enumerable.Range(1, pairs.Folds)]);
            ComparisonFolder.Fix(folder.PairsPath, File.ReadAllText(path));
            Exclude(folder, unwanted.Concat(people));
            return new ComparisonPairs(dataset, pairs, people.Count);
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }

    private static ComparisonPairs Drawn(ComparisonPlan plan, ComparisonFolder folder, IReadOnlySet<string> unwanted, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        string[] everyone;
        using (FaceDataset all = FaceDataset.Open(plan.Base.Data, new FaceDatasetOptions { ExcludedIdentities = unwanted }))
        {
            everyone = [.. all.Identities];
        }

        int count = Math.Max(FewestPeople, (int)Math.Round(plan.HeldOut * everyone.Length));
        if (everyone.Length < count + 2)
        {
            throw new UsageException(FormattableString.Invariant($"{plan.Base.Data}: has {everyone.Length} people; holding out {count} of them for pairs leaves fewer than 2 to train on. Give more people, a smaller --held-out, or --pairs."));
        }

        // Dealt by lot, the same for all runs.
        new CountedRandom(plan.Base.Seed, Purpose).Shuffle<string>(everyone);
        string[] held = everyone[..count];
        FaceDataset dataset = FaceDataset.Open(plan.Base.Data, new FaceDatasetOptions { ExcludedIdentities = everyone[count..].Concat(unwanted).ToHashSet(StringComparer.Ordinal) });
        try
        {
            LfwPairs pairs = Draw(dataset, plan.Base.Seed, Unreadable(dataset, progress, cancellationToken));
            string draft = folder.PairsPath + ".new";
            pairs.Write(draft);
            string text = File.ReadAllText(draft);
            File.Delete(draft);
            ComparisonFolder.Fix(folder.PairsPath, text);
            Exclude(folder, unwanted.Concat(held));
            return new ComparisonPairs(dataset, pairs, held.Length);
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
    }

    // As `data pairs` does, in as many folds as the people allow: nobody is in two of them.
    private static LfwPairs Draw(FaceDataset dataset, ulong seed, IReadOnlySet<string> unreadable)
    {
        int paired = dataset.Images.Where(image => !unreadable.Contains(image.Path)).GroupBy(image => image.Identity).Count(person => person.Count() > 1);
        int folds = Math.Clamp(Math.Min(paired, dataset.Identities.Count / 2), 2, MostFolds);
        int perFold = Math.Min(MostPairs, PairProtocol.MaximumPairsPerFold(dataset, folds, seed, unreadable));
        return PairProtocol.Draw(dataset, Math.Max(1, perFold), folds, seed, unreadable);
    }

    private static HashSet<string> Unreadable(FaceDataset dataset, IProgress<WorkProgress>? progress, CancellationToken cancellationToken)
    {
        HashSet<string> unreadable = new(StringComparer.Ordinal);
        for (int i = 0; i < dataset.Images.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                _ = dataset.Decode(i);
            }
            catch (UnreadableImageException)
            {
                unreadable.Add(dataset.Images[i].Path);
            }

            progress?.Report(new WorkProgress("looking at the people held out", i + 1, dataset.Images.Count, "images"));
        }

        return unreadable;
    }

    private static void Exclude(ComparisonFolder folder, IEnumerable<string> people) =>
        ComparisonFolder.Fix(folder.ExcludePath, string.Concat(people.Distinct().Order(StringComparer.Ordinal).Select(name => name + "\n")));
}
