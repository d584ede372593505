using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class BatchAllBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype) => TripletBinding.Bind(file, dtype);
}
