using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class MagFaceBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        CaseFields hyper = file.Hyper;
        string beyondPi = hyper.Choice("variant", ("plain", "none"), ("easy", "easy-margin"), ("mm", "linear"), ("fallback_cos", "cosine"));
        return MarginCase.Bind(
            file, dtype, "magface",
            ("scale", hyper.Real("s")), ("lowest_norm", hyper.Real("l_a")), ("highest_norm", hyper.Real("u_a")),
            ("lowest_margin", hyper.Real("l_margin")), ("highest_margin", hyper.Real("u_margin")),
            ("penalty_weight", hyper.Real("lambda_g")), ("beyond_pi", beyondPi));
    }
}
