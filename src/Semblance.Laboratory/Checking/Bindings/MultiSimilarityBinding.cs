using Semblance.Training.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>Multi-similarity over all pairs, or over the pairs that the case has as mined.</summary>
internal static class MultiSimilarityBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        file.Hyper.Choice("similarity", ("cosine", true));
        file.Hyper.Choice("reduction", ("mean over all batch elements as anchors", true));
        return With(OneSidedAnchors.Keep).Alternative("official_skips_anchor_missing_one_side", () => With(OneSidedAnchors.Skip));

        CaseBinding With(OneSidedAnchors oneSided)
        {
            MultiSimilarityLoss loss = new(file.Hyper.Real("alpha"), file.Hyper.Real("beta"), file.Hyper.Real("lambda (base)"), oneSided);
            ITupleMiner<PairSelection> miner = file.Fields.Has("inputs") && file.Inputs.Has("positive_pairs")
                ? new GivenPairs(file.Inputs.Tuples("positive_pairs"), file.Inputs.Tuples("negative_pairs"))
                : new AllPairsMiner();
            return CaseBinding.Of(
                file, dtype, new TupleObjective<PairSelection>(file.Name, Distance.Cosine, normalise: true, miner, loss, TupleReduction.MeanOverAll));
        }
    }
}
