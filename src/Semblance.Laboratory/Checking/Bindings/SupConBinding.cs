using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class SupConBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        file.Hyper.Choice("similarity", ("cosine", true));
        file.Hyper.Choice("reduction", ("mean over anchors with at least one positive", true));
        return With().Alternative("official_base_temperature", () => With(("base_temperature", 0.07)));

        CaseBinding With(params (string Key, object? Value)[] more) =>
            CaseBinding.OfRegistered(file, dtype, "supcon", [("temperature", file.Hyper.Real("temperature")), .. more]);
    }
}
