using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class SoftmaxBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype) => MarginCase.Bind(file, dtype, "softmax", ("bias", file.Fields.Has("bias")));
}
