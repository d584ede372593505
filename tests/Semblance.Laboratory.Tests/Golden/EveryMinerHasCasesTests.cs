using Semblance.Training.Tuples;

namespace Semblance.Laboratory.Tests.Golden;

/// <summary>Every miner of the registry is held against tuples, or the loss over them, that do not come from it.</summary>
public sealed class EveryMinerHasCasesTests
{
    /// <summary>The references' cases by the miner that they check: folder and the beginning of the files' names.</summary>
    private static readonly Dictionary<string, (string Folder, string Begin)> Shared = new()
    {
        ["all"] = ("batch_all", ""),
        ["each-pair"] = ("contrastive", ""),
        ["batch-hard"] = ("miners", "batch_hard_"),
        ["semi-hard"] = ("triplet_semihard", ""),
        ["hard"] = ("miners", "triplet_margin_hard_"),
        ["violating"] = ("miners", "triplet_margin_all_"),
        ["easy"] = ("miners", "triplet_margin_easy_"),
        ["batch-easy-hard"] = ("miners", "batch_easy_hard_"),
        ["multi-similarity"] = ("miners", "multi_similarity_"),
        ["distance-weighted"] = ("distance_weighted_sampling", ""),
        ["n-pair"] = ("n_pairs", ""),
    };

    /// <summary>Our own cases, in the folder of the loss that they go through.</summary>
    private static readonly Dictionary<string, (string Folder, string Begin)> Own = new()
    {
        ["random"] = ("triplet", "random_negatives_"),
        ["consecutive-pairs"] = ("contrastive", "consecutive_pairs_"),
        ["consecutive-triplets"] = ("triplet", "consecutive_triplets_"),
    };

    public static TheoryData<string> Names => [.. MinerRegistry.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheMinerHasCases(string name)
    {
        bool shared = Shared.TryGetValue(name, out (string Folder, string Begin) cases);
        Assert.True(shared || Own.TryGetValue(name, out cases), $"The miner '{name}' has no case: write its recipe in MinerCases and name it here");
        Assert.SkipWhen(shared && GoldenFolders.Shared is null, "No ../shared/golden beside the repository.");
        string folder = Path.Combine((shared ? GoldenFolders.Shared : GoldenFolders.Own)!, cases.Folder);

        Assert.Contains(GoldenFolders.CasesIn(folder), file => file.StartsWith(cases.Begin, StringComparison.Ordinal));
    }
}
