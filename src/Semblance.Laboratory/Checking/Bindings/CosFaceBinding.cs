using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class CosFaceBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype) =>
        MarginCase.Bind(file, dtype, "cosface", ("scale", file.Hyper.Real("s")), ("margin", file.Hyper.Real("m")));
}
