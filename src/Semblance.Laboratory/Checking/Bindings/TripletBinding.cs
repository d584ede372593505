using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>Every triplet of the batch.</summary>
internal static class TripletBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        file.Hyper.Choice("triplets", ("all ordered (a,p,n) with y_a=y_p, a!=p, y_n!=y_a", true));
        return TupleCase.Counts(CaseBinding.OfRegistered(
            file, dtype, "triplet",
            [
                ("margin", file.Hyper.Real("margin")), ("soft_margin", file.Hyper.Flag("smooth")), ("swap", file.Hyper.Flag("swap")),
                ("miner", "all"), ("reduction", TupleCase.Reduction(file)), .. TupleCase.DistanceParameters(file),
            ]));
    }
}
