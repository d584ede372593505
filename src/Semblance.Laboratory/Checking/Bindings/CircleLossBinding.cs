using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>Cases of the circle loss, on pairs or against class centres where the case has them.</summary>
internal static class CircleLossBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        if (file.Fields.Has("weights"))
        {
            return ClassLevel("published").Alternative("alpha_differentiated", () => ClassLevel("true"));
        }

        file.Hyper.Choice("similarity", ("cosine", true));
        file.Hyper.Choice("reduction", ("mean over anchors with loss > 0 that have a positive and a negative", true));
        return CaseBinding.OfRegistered(
            file, dtype, "circle", ("margin", file.Hyper.Real("m")), ("scale", file.Hyper.Real("gamma")), ("reduction", "mean-active"))
            .Count("num_nonzero", value => value.Figures["active_tuples"]);

        CaseBinding ClassLevel(string gradient) => MarginCase.Bind(
            file, dtype, "circle-class", ("margin", file.Hyper.Real("m")), ("scale", file.Hyper.Real("gamma")), ("gradient", gradient));
    }
}
