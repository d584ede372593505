using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>Lifted structure in all its forms; the reduction tells the general one from the others, the name of α smooth from hard.</summary>
internal static class LiftedStructureBinding
{
    private const string OverPairs = "1/(2|P|) * sum over unordered positive pairs of max(0,J_ij)^2";

    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        string loss = file.Hyper.Choice("reduction", (OverPairs, "lifted"), ("mean over all batch elements as anchors", "generalized-lifted"));
        if (loss == "generalized-lifted")
        {
            return Generalised("keep").Alternative("skip_anchors_without_positive", () => Generalised("skip"));
        }

        bool smooth = file.Hyper.Has("alpha (neg_margin)");
        // What positives are given in advance comes off the margin of the negatives: J is the same.
        double margin = smooth ? file.Hyper.Real("alpha (neg_margin)") - file.Hyper.Real("pos_margin") : file.Hyper.Real("alpha");
        return CaseBinding.OfRegistered(
            file, dtype, loss, [("margin", margin), ("form", smooth ? "smooth" : "hard"), .. TupleCase.DistanceParameters(file)]);

        CaseBinding Generalised(string oneSided) => file.Hyper.Real("pos_margin") != 0
            ? throw file.Hyper.Refuse("pos_margin", "0: ours has no margin for positives")
            : CaseBinding.OfRegistered(
                file, dtype, loss, [("margin", file.Hyper.Real("neg_margin")), ("one_sided", oneSided), .. TupleCase.DistanceParameters(file)]);
    }
}
