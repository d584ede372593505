using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class ContrastiveBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        bool published = file.Hyper.Choice("pos_term", ("0.5*d^2", true), ("max(0, D - pos_margin)", false));
        if (published)
        {
            file.Hyper.Choice("neg_term", ("0.5*max(0,m-d)^2", true));
            file.Hyper.Choice("reduction", ("mean over all pairs", true));
            return Published(file, dtype, file.Hyper.Real("margin"), file.Hyper.Flag("normalize_embeddings"), TupleCase.Distance(file))
                .Count("num_pairs", value => value.Figures["tuples"]);
        }

        file.Hyper.Choice("neg_term", ("max(0, neg_margin - D)", true));
        file.Hyper.Choice("reduction", ("AvgNonZeroReducer separately on positive and negative terms, then summed", true));
        return CaseBinding.OfRegistered(
            file, dtype, "contrastive",
            [
                ("margin", file.Hyper.Real("neg_margin")), ("positive_margin", file.Hyper.Real("pos_margin")),
                ("penalty", "linear"), ("apart", true), ("reduction", "mean-active"), .. TupleCase.DistanceParameters(file),
            ])
            .Alternative("hadsell_same_inputs", () => Published(file, dtype, 1, normalise: true, "euclidean"));
    }

    private static CaseBinding Published(CaseFile file, ScalarType dtype, double margin, bool normalise, string distance) =>
        CaseBinding.OfRegistered(file, dtype, "contrastive", ("margin", margin), ("distance", distance), ("normalise", normalise));
}
