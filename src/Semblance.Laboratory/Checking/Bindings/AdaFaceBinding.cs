using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class AdaFaceBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        return With("authors-code").Alternative("paper_no_eps", () => With("none"));

        CaseBinding With(string guards)
        {
            CaseBinding binding = MarginCase.Bind(
                file, dtype, "adaface", out MarginSoftmaxObjective margin,
                ("scale", file.Hyper.Real("s")), ("margin", file.Hyper.Real("m")), ("concentration", file.Hyper.Real("h")),
                ("statistics_rate", file.Hyper.Real("t_alpha")), ("guards", guards));
            AdaFaceLogit curve = (AdaFaceLogit)margin.Curve;
            return binding
                .State(file.Hyper, "batch_mean_initial", curve.MeanNorm)
                .State(file.Hyper, "batch_std_initial", curve.NormDeviation)
                .Number("batch_mean_after", _ => Number(curve.MeanNorm))
                .Number("batch_std_after", _ => Number(curve.NormDeviation));
        }
    }

    private static double Number(Tensor state) => state.to_type(ScalarType.Float64).item<double>();
}
