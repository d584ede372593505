using Semblance.Training.Tuples;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class TripletSemihardBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        double margin = file.Hyper.Real("margin");
        (string definition, ITupleMiner<TripletSelection> miner) = file.Hyper.Choice<(string, ITupleMiner<TripletSelection>)>(
            "mining",
            ("all (a,p,n) with 0 < d_an^2 - d_ap^2 <= margin", ("all", new TripletBandMiner(TripletBand.SemiHard, margin))),
            ("per ordered (a,p): the closest negative with d_ap^2 < d_an^2 < d_ap^2 + margin; pairs without one are skipped",
                ("nearest", new SemiHardMiner(SemiHardChoice.Nearest, margin))),
            ("per ordered (a,p): closest negative with d_an > d_ap (no upper limit); if none, the FARTHEST negative",
                ("tfa", new SemiHardMiner(SemiHardChoice.NearestElseFarthest, margin))));
        CaseBinding binding = CaseBinding.OfRegistered(
            file, dtype, "triplet",
            [
                ("margin", margin), ("miner", new Dictionary<string, object?> { ["name"] = "semi-hard", ["definition"] = definition }),
                ("reduction", TupleCase.Reduction(file)), .. TupleCase.DistanceParameters(file),
            ]);
        return TupleCase.Counts(binding)
            .Compare(_ => MinedTuples.Triplets("mined_triplets", file, dtype, miner, file.Inputs.Tuples("mined_triplets")));
    }
}
