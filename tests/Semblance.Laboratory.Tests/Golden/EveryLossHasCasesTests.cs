using Semblance.Training.Objectives;

namespace Semblance.Laboratory.Tests.Golden;

/// <summary>Every loss of the registry is held against numbers that do not come from it.</summary>
public sealed class EveryLossHasCasesTests
{
    /// <summary>The folders of the references' cases by the name of the loss that they check; other losses have a folder of their own in tests/golden.</summary>
    private static readonly Dictionary<string, string> Shared = new()
    {
        ["softmax"] = "softmax",
        ["normface"] = "normface",
        ["cosface"] = "cosface",
        ["arcface"] = "arcface",
        ["contrastive"] = "contrastive",
        ["triplet"] = "triplet",
        ["trihard"] = "trihard_batchhard",
        ["deepid2"] = "deepid2_joint",
        ["adacos"] = "adacos",
        ["adaface"] = "adaface",
        ["center"] = "center_loss",
        ["center-penalty"] = "center_loss",
        ["circle"] = "circle_loss",
        ["circle-class"] = "circle_loss",
        ["combined-margin"] = "combined_margin",
        ["curricularface"] = "curricularface",
        ["l-softmax"] = "large_margin_softmax",
        ["lifted"] = "lifted_structure",
        ["generalized-lifted"] = "lifted_structure",
        ["magface"] = "magface",
        ["margin"] = "margin_loss",
        ["multi-similarity"] = "multi_similarity",
        ["mv-softmax"] = "mv_softmax",
        ["n-pair"] = "n_pairs",
        ["nt-xent"] = "ntxent",
        ["proxy-anchor"] = "proxy_anchor",
        ["proxy-nca"] = "proxy_nca",
        ["soft-triple"] = "soft_triple",
        ["sphereface"] = "sphereface",
        ["sub-center-arcface"] = "subcenter_arcface",
        ["supcon"] = "supcon",
    };

    public static TheoryData<string> Names => [.. ObjectiveRegistry.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheLossHasCases(string name)
    {
        if (Shared.TryGetValue(name, out string? folder))
        {
            Assert.SkipWhen(GoldenFolders.Shared is null, "No ../shared/golden beside the repository.");
            Assert.NotEmpty(GoldenFolders.CasesIn(Path.Combine(GoldenFolders.Shared!, folder)));
            return;
        }

        string? own = GoldenFolders.Own is { } root ? Path.Combine(root, name) : null;
        Assert.True(Directory.Exists(own), $"tests/golden/{name} is missing: write its recipe beside the others and run OwnCasesTests with SEMBLANCE_WRITE_GOLDEN=1");
        Assert.NotEmpty(GoldenFolders.CasesIn(own!));
    }
}
