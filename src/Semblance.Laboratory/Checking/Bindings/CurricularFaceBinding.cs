using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

internal static class CurricularFaceBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        double rate = file.Hyper.Choice("t_momentum", ("new t = 0.01*mean(target cos) + 0.99*old t", 0.01));
        return With("linear", rate)
            .Alternative("no_target_correction", () => With("none", rate))
            .Alternative("paper_text_alpha_099", () => With("linear", 0.99));

        CaseBinding With(string beyondPi, double weight)
        {
            CaseBinding binding = MarginCase.Bind(
                file, dtype, "curricularface", out MarginSoftmaxObjective objective,
                ("scale", file.Hyper.Real("s")), ("margin", file.Hyper.Real("m_radians")), ("beyond_pi", beyondPi), ("rate", weight));
            var curve = (CurricularFaceLogit)objective.Curve;
            curve.Progress = file.Hyper.Real("t_initial");
            return binding.Number("t_after", _ => curve.Progress);
        }
    }
}
