using Semblance.Training.Tuples;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class TrihardBatchhardBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        file.Hyper.Choice("anchors_without_positive", ("skipped", true));
        return TupleCase.Counts(With(TupleCase.Reduction(file)))
            .Compare(_ => MinedTuples.Triplets(
                "hardest", file, dtype, new BatchHardMiner(),
                file.Extras.Integers("anchors").Zip(file.Extras.Integers("hardest_positive"), file.Extras.Integers("hardest_negative"))
                    .Select(t => new[] { t.First, t.Second, t.Third })))
            .Alternative("pml_default_avg_nonzero", () => With("mean-active"));

        CaseBinding With(string reduction) => CaseBinding.OfRegistered(
            file, dtype, "trihard", [.. Margin(file), ("reduction", reduction), .. TupleCase.DistanceParameters(file)]);
    }

    private static (string Key, object? Value)[] Margin(CaseFile file) => file.Hyper.IsNumber("margin")
        ? [("soft_margin", false), ("margin", file.Hyper.Real("margin"))]
        : [("soft_margin", file.Hyper.Choice("margin", ("soft: log(1+exp(d_ap-d_an))", true)))];
}
