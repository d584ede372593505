using Semblance.Laboratory.Checking.Bindings;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking;

/// <summary>From the name in a case file to what evaluates it. A new one adds its file in Bindings and its line here.</summary>
internal static class CaseBindings
{
    private static readonly Dictionary<string, Func<CaseFile, ScalarType, CaseBinding>> Losses = new(StringComparer.Ordinal)
    {
        ["softmax"] = SoftmaxBinding.Bind,
        ["large_margin_softmax"] = (file, dtype) => MultipliedAngleBinding.Bind(file, dtype, "l-softmax"),
        ["sphereface"] = (file, dtype) => MultipliedAngleBinding.Bind(file, dtype, "sphereface"),
        ["normface"] = NormFaceBinding.Bind,
        ["cosface"] = CosFaceBinding.Bind,
        ["arcface"] = ArcFaceBinding.Bind,
        ["combined_margin"] = CombinedMarginBinding.Bind,
        ["subcenter_arcface"] = SubcenterArcfaceBinding.Bind,
        ["adaface"] = AdaFaceBinding.Bind,
        ["magface"] = MagFaceBinding.Bind,
        ["curricularface"] = CurricularFaceBinding.Bind,
        ["mv_softmax"] = MvSoftmaxBinding.Bind,
        ["adacos"] = AdaCosBinding.Bind,
        ["partial_fc"] = PartialFcBinding.Bind,
        ["center_loss"] = CenterLossBinding.Bind,
        ["contrastive"] = ContrastiveBinding.Bind,
        ["triplet"] = TripletBinding.Bind,
        ["triplet_semihard"] = TripletSemihardBinding.Bind,
        ["trihard_batchhard"] = TrihardBatchhardBinding.Bind,
        ["batch_all"] = BatchAllBinding.Bind,
        ["lifted_structure"] = LiftedStructureBinding.Bind,
        ["margin_loss"] = MarginLossBinding.Bind,
        ["distance_weighted_sampling"] = DistanceWeightedSamplingBinding.Bind,
        ["multi_similarity"] = MultiSimilarityBinding.Bind,
        ["deepid2_joint"] = DeepId2JointBinding.Bind,
        ["supcon"] = SupConBinding.Bind,
        ["ntxent"] = NtXentBinding.Bind,
        ["circle_loss"] = CircleLossBinding.Bind,
        ["n_pairs"] = NPairsBinding.Bind,
        ["proxy_nca"] = ProxyCase.ProxyNca,
        ["proxy_anchor"] = ProxyCase.ProxyAnchor,
        ["soft_triple"] = ProxyCase.SoftTriple,
    };

    // A miner's case is named by miner and variant: the longest of these that it begins with says which miner.
    private static readonly Dictionary<string, Func<CaseFile, ScalarType, CaseBinding>> Miners = new(StringComparer.Ordinal)
    {
        ["batch_hard"] = MinersBinding.BatchHard,
        ["triplet_margin"] = MinersBinding.TripletMargin,
        ["batch_easy_hard"] = MinersBinding.BatchEasyHard,
        ["multi_similarity"] = MinersBinding.MultiSimilarity,
    };

    private static readonly Dictionary<string, Func<CaseFile, ScalarType, CaseBinding>> Metrics = new(StringComparer.Ordinal)
    {
        ["verification"] = MetricsBinding.Verification,
        ["retrieval_and_clustering"] = MetricsBinding.Retrieval,
    };

    /// <summary>What evaluates a case, or null where nothing of ours does.</summary>
    public static Func<CaseFile, ScalarType, CaseBinding>? Find(CaseFile file) => file.Kind switch
    {
        CaseKind.Miner => Miners.OrderByDescending(m => m.Key.Length)
            .FirstOrDefault(m => file.Name == m.Key || file.Name.StartsWith(m.Key + "_", StringComparison.Ordinal)).Value,
        CaseKind.Loss when file.Fields.Has(RegisteredBinding.Field) => RegisteredBinding.Bind,
        CaseKind.Loss => Losses.GetValueOrDefault(file.Name),
        _ => Metrics.GetValueOrDefault(file.Name),
    };

    /// <summary>Why nothing evaluates a case, with the names that would be known.</summary>
    public static string Unknown(CaseFile file)
    {
        (string kind, string[] known) = file.Kind switch
        {
            CaseKind.Loss => ("loss", [.. Losses.Keys]),
            CaseKind.Miner => ("miner", [.. Miners.Keys]),
            _ => ("metric", (string[])[.. Metrics.Keys]),
        };
        return $"no {kind} of ours is bound to '{file.Name}'; {NameSuggestion.Sentence(file.Name, known)}"
            + (file.Kind == CaseKind.Loss ? $" With '{RegisteredBinding.Field}' as a config has them, any name of 'semblance losses' will do." : "");
    }
}
