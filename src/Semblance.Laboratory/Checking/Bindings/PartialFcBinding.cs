using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>Cases of a sampled class layer whose classes are given, with InsightFace's margins and its floor under the own class's probability.</summary>
internal static class PartialFcBinding
{
    public static CaseBinding Bind(CaseFile file, ScalarType dtype)
    {
        double floor = file.Hyper.Real("target_probability_floor");
        return With(floor, CombinedMarginVariant.ArcFaceTorch)
            .Alternative("true_gradient", () => With(0, CombinedMarginVariant.Paper))
            .Alternative("loss_without_probability_clamp", () => With(0, CombinedMarginVariant.ArcFaceTorch));

        CaseBinding With(double lowest, CombinedMarginVariant variant)
        {
            CaseFields hyper = file.Hyper;
            SampledCentres centres = new(file.Classes, file.Dim, 0, hyper.Real("sample_rate"));
            MarginSoftmaxObjective objective = new(
                "partial_fc",
                new CombinedMarginLogit(hyper.Real("m1"), hyper.Real("m2"), hyper.Real("m3"), variant),
                centres,
                new LogitScale(hyper.Real("s")),
                new CrossEntropy(lowest));
            objective.to(dtype);
            // Stands for the whole matrix, which is in no graph: the gradient by the sampled rows is put into its place.
            Tensor weights = zeros_like(centres.Weight).requires_grad_();
            return CaseBinding.Of(file, dtype, Evaluate, objective).Input("weights", weights);

            ObjectiveValue Evaluate(Tensor embeddings, Tensor labels)
            {
                using (no_grad())
                {
                    _ = centres.Weight.copy_(weights);
                }

                long[] classes = file.Fields.Section("inputs").Integers("sampled_class_indices");
                centres.Choose(classes);
                ObjectiveValue value = objective.Evaluate(embeddings, labels);
                Tensor byRows = autograd.grad([value.Loss], [centres.LastRows!], retain_graph: true)[0];
                Tensor whole = zeros_like(weights).index_copy_(0, tensor(classes), byRows);
                Tensor linear = (weights * whole).sum();
                return value with { Loss = value.Loss + (linear - linear.detach()) };
            }
        }
    }
}
