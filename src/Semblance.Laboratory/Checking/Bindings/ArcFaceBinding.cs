using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class ArcFaceBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        (string beyondPi, string gradient) = file.Hyper.Choice(
            "variant",
            ("mm", ("linear", "true")),
            ("plain", ("none", "true")),
            ("easy", ("easy-margin", "true")),
            ("fallback_cos", ("cosine", "true")),
            ("clip", ("clip", "true")),
            ("insightface_torch_straight_through", ("none", "straight-through")));
        return With(gradient).Alternative("true_gradient", () => With("true"));

        CaseBinding With(string slope) => MarginCase.Bind(
            file, dtype, "arcface",
            ("scale", file.Hyper.Real("s")), ("margin", file.Hyper.Real("m_radians")), ("beyond_pi", beyondPi), ("gradient", slope));
    }
}
