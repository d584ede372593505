using Semblance.Training.Objectives;
using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>The margin loss over the triplets that the case has, with its β.</summary>
internal static class MarginLossBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        file.Hyper.Choice("distance", ("euclidean (non-squared)", true), ("euclidean", true));
        // A fixed β has a gradient in the file too: ours has one where it is learned, and the loss is the same.
        BoundaryScope scope = file.Hyper.Choice(
            "mode",
            ("global_fixed", BoundaryScope.Global),
            ("global_learn", BoundaryScope.Global),
            ("perclass", BoundaryScope.Class));
        double nu = file.Hyper.Real("nu");
        LearnedBoundary boundary = new(1, scope, file.Fields.Reals("beta").Length, sampleCount: 0);
        MarginLoss loss = new(file.Hyper.Real("alpha (margin)"), boundary, nu, nuOnce: scope == BoundaryScope.Global);
        TupleObjective<PairSelection> objective = new(
            file.Name, Distance.Euclidean, file.Hyper.Flag("normalize_embeddings"), GivenPairs.OfTriplets(file.Inputs.Tuples("triplets")), loss,
            TupleReduction.MeanOverActive);
        CaseBinding binding = CaseBinding.Of(file, dtype, objective).Input("beta", boundary.Values!).Count("pair_count_divisor", value => value.Figures["active_tuples"]);
        return nu == 0 ? binding.Number("margin_term", value => value.Loss.to_type(ScalarType.Float64).item<double>()) : binding;
    }
}
