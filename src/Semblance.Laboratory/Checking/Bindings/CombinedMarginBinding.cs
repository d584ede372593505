using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class CombinedMarginBinding
{
    // arcface_torch has this hyperparameter in every case, the paper's formula in none.
    private const string Filter = "interclass_filtering_threshold";

    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        CaseFields hyper = file.Hyper;
        return hyper.Has(Filter)
            ? ArcFaceTorch(file, dtype, hyper.Real(Filter))
            : MarginCase.Bind(
                file, dtype, "combined-margin",
                ("scale", hyper.Real("s")), ("factor", hyper.Real("m1")), ("angle_margin", hyper.Real("m2")), ("cosine_margin", hyper.Real("m3")))
            .Alternative("insightface_arcface_torch", () => ArcFaceTorch(file, dtype, 0));
    }

    private static CaseBinding ArcFaceTorch(CaseFile file, ScalarType dtype, double filter)
    {
        double cosineMargin = file.Hyper.Real("m3");
        (string, object?)[] shared =
            [("scale", file.Hyper.Real("s")), ("variant", "arcface-torch"), ("cosine_margin", cosineMargin), ("filter", filter)];
        return cosineMargin > 0
            ? MarginCase.Bind(file, dtype, "combined-margin", shared)
            : MarginCase.Bind(file, dtype, "combined-margin", [.. shared, ("angle_margin", file.Hyper.Real("m2"))]);
    }
}
