using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class NormFaceBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype) => file.Fields.Has("scale")
        ? MarginCase.Bind(file, dtype, "normface", ("scale", file.Fields.Reals("scale")[0]), ("learned", true))
        : MarginCase.Bind(file, dtype, "normface", ("scale", file.Hyper.Real("s")));
}
