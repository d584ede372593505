using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>The reference has the anchor's negatives in the denominator; with labels that make one positive per anchor that is the paper's loss too.</summary>
internal static class NtXentBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        file.Hyper.Choice("similarity", ("cosine", true));
        bool views = file.Hyper.Choice("reduction", ("mean over ordered positive pairs", false), ("mean over the 2N ordered positive pairs", true));
        return With(views ? "all" : "negatives")
            .Count("num_ordered_positive_pairs", value => value.Figures["active_tuples"])
            .Alternative("simclr_all_others_in_denominator", () => With("all"));

        CaseBinding With(string denominator) => CaseBinding.OfRegistered(
            file, dtype, "nt-xent", ("temperature", file.Hyper.Real("temperature")), ("denominator", denominator));
    }
}
