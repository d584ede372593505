using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class SubcenterArcfaceBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype) => MarginCase.Bind(
        file, dtype, "sub-center-arcface",
        ("scale", file.Hyper.Real("s")), ("margin", file.Hyper.Real("m_radians")), ("sub_centers", file.Hyper.Integer("sub_centers")));
}
