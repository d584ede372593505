using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class MvSoftmaxBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        bool cosine = file.Hyper.Flag("is_am");
        return With(cosine ? "above-margin" : "positive")
            .Alternative("paper", () => With("always"))
            .Alternative("official_svx_easy_margin", () => With("positive"));

        // The case's t multiplies the cosine; the paper's is what is added to 1.
        CaseBinding With(string applies) => MarginCase.Bind(
            file, dtype, "mv-softmax",
            ("scale", file.Hyper.Real("s")), ("margin", file.Hyper.Real("m")), ("weight", file.Hyper.Real("t (mv_weight)") - 1),
            ("kind", cosine ? "am" : "arc"), ("applies", applies));
    }
}
