using Semblance.Laboratory.Checking.Bindings;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking;

/// <summary>From the name in a case file to what evaluates it. A new one adds its file in Bindings and its line here.</summary>
internal static class CaseBindings
{
    private static readonly Dictionary<string, Func<CaseFile, ScalarType, CaseBinding>> Losses = new(StringComparer.Ordinal)
    {
        ["softmax"] = SoftmaxBinding.Bind,
        ["normface"] = NormFaceBinding.Bind,
        ["cosface"] = CosFaceBinding.Bind,
        ["arcface"] = ArcFaceBinding.Bind,
        ["contrastive"] = ContrastiveBinding.Bind,
        ["triplet"] = TripletBinding.Bind,
        ["triplet_semihard"] = TripletSemihardBinding.Bind,
        ["trihard_batchhard"] = TrihardBatchhardBinding.Bind,
        ["batch_all"] = BatchAllBinding.Bind,
    };

    // A miner's case is named by miner and variant: the longest of these that it begins with says which miner.
    private static readonly Dictionary<string, Func<CaseFile, ScalarType, CaseBinding>> Miners = new(StringComparer.Ordinal)
    {
        ["batch_hard"] = MinersBinding.BatchHard,
        ["triplet_margin"] = MinersBinding.TripletMargin,
    };

    private static readonly Dictionary<string, Func<CaseFile, ScalarType, CaseBinding>> Metrics = new(StringComparer.Ordinal)
    {
        ["verification"] = MetricsBinding.Verification,
    };

    /// <summary>What evaluates a case, or null where nothing of ours does.</summary>
    public static Func<CaseFile, ScalarType, CaseBinding>? Find(CaseFile file) => file.Kind == CaseKind.Miner
        ? Miners.OrderByDescending(m => m.Key.Length).FirstOrDefault(m => file.Name == m.Key || file.Name.StartsWith(m.Key + "_", StringComparison.Ordinal)).Value
        : (file.Kind == CaseKind.Loss ? Losses : Metrics).GetValueOrDefault(file.Name);

    /// <summary>Why nothing evaluates a case, with the names that would be known.</summary>
    public static string Unknown(CaseFile file)
    {
        (string kind, var known) = file.Kind switch
        {
            CaseKind.Loss => ("loss", Losses),
            CaseKind.Miner => ("miner", Miners),
            _ => ("metric", Metrics),
        };
        return $"no {kind} of ours is bound to '{file.Name}'; {NameSuggestion.Sentence(file.Name, [.. known.Keys])}";
    }
}
