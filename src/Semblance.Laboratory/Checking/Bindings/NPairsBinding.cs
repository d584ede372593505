using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class NPairsBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        file.Hyper.Choice("similarity", ("dot product", true));
        file.Hyper.Choice("reduction", ("mean over pairs", true));
        bool normalise = file.Hyper.Flag("normalize_embeddings");
        (string Key, object? Value)[] norm = normalise ? [] : [("norm_weight", file.Hyper.Real("l2_reg"))];
        return CaseBinding.OfRegistered(file, dtype, "n-pair", [("normalise", normalise), .. norm]).Compare(_ => CaseExtra.Tuples(
            "pairs", Pairs(file, dtype), file.Inputs.Integers("anchors").Zip(file.Inputs.Integers("positives")).Select(p => new[] { p.First, p.Second })));
    }

    private static long[][] Pairs(CaseFile file, ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        DistanceMatrix distances = DistanceMatrix.Between(file.Embeddings(dtype), Distance.InnerProduct, normalise: false);
        PairIndices pairs = new NPairMiner().Mine(distances, IdentityRelations.Of(file.Labels())).Positives.List();
        return [.. pairs.Anchors.data<long>().ToArray().Zip(pairs.Others.data<long>().ToArray()).Select(p => new[] { p.First, p.Second })];
    }
}
