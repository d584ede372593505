using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class AdaCosBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        bool dynamic = file.Hyper.Has("scale_before");
        CaseBinding binding = dynamic
            ? With("scale_before", ("adaptation", "dynamic"), ("median", "lower"))
            : With("scale", ("adaptation", "fixed"));
        return binding.Alternative("median_of_even_count_averaged", () => With("scale_before", ("median", "mean")));

        CaseBinding With(string scale, params (string, object?)[] parameters)
        {
            CaseBinding one = MarginCase.Bind(file, dtype, "adacos", out MarginSoftmaxObjective objective, parameters);
            var curve = (AdaCosLogit)objective.Curve;
            curve.Set(file.Hyper.Real(scale));
            return one.Number("scale_used", _ => curve.Scale);
        }
    }
}
