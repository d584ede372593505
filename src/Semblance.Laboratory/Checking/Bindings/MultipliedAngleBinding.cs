using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>L-Softmax and SphereFace at a fixed λ.</summary>
internal static class MultipliedAngleBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype, string name)
    {
        if (file.Hyper.Has("scale") && file.Hyper.Real("scale") != 1)
        {
            throw file.Hyper.Refuse("scale", "1, as the norms are kept");
        }

        int margin = file.Hyper.Integer("m");
        return margin == 1
            ? MarginCase.Bind(file, dtype, name, ("margin", 1))
            : MarginCase.Bind(file, dtype, name, ("margin", margin), ("lambda_base", 0), ("lambda_minimum", file.Hyper.Real("lambda")));
    }
}
