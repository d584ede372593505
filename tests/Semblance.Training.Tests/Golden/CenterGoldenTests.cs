using Semblance.Training.Centres;
using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Golden;

public sealed class CenterGoldenTests
{
    public static TheoryData<string> Cases => GoldenCase.In("center_loss");

    [Theory]
    [MemberData(nameof(Cases))]
    public void EqualsTheReferenceInFloat64(string name) => Check(name, ScalarType.Float64);

    [Theory]
    [MemberData(nameof(Cases))]
    public void EqualsTheReferenceInFloat32(string name) => Check(name, ScalarType.Float32);

    private static void Check(string name, ScalarType dtype)
    {
        foreach (CentreUpdate update in new[] { CentreUpdate.Gradient, CentreUpdate.Paper })
        {
            using DisposeScope scope = NewDisposeScope();
            GoldenCase golden = GoldenCase.Read(name);
            BatchReduction reduction = golden.Hyper.GetProperty("reduction").GetString()!.StartsWith("sum", StringComparison.Ordinal)
                ? BatchReduction.Sum
                : BatchReduction.Mean;
            CentrePull pull = new(golden.Classes, golden.Dim, 1, update, golden.Hyper.GetProperty("alpha (centre learning rate)").GetDouble(), reduction);
            bool joint = golden.Has("weights");
            DenseCentres classes = new(golden.Classes, golden.Dim, 1, withBias: true);
            using Objective objective = !joint ? pull : CenterLoss.Join(
                new MarginSoftmaxObjective("softmax", new SoftmaxLogit(), classes, LogitScale.None), pull, golden.Hyper.GetProperty("lambda").GetDouble());
            objective.to(dtype);
            using (no_grad())
            {
                pull.Centres.copy_(golden.Input("centers"));
                if (joint)
                {
                    classes.Weight.copy_(golden.Input("weights"));
                    classes.Bias!.copy_(golden.Input("bias"));
                }
            }

            Tensor embeddings = golden.Embeddings(dtype);
            Tensor loss = objective.Evaluate(embeddings, golden.Labels()).Loss;
            loss.backward();
            golden.AssertLoss(loss, dtype);
            golden.AssertGradient("grad_embeddings", embeddings.grad, dtype);
            if (joint)
            {
                golden.AssertGradient("grad_weights", classes.Weight.grad, dtype);
                golden.AssertGradient("grad_bias", classes.Bias!.grad, dtype);
            }

            if (update == CentreUpdate.Gradient)
            {
                golden.AssertGradient("grad_centers", ((Parameter)pull.Centres).grad, dtype);
            }
            else
            {
                double[] expected = [.. golden.Extras.GetProperty("paper_centers_after_update").EnumerateArray().SelectMany(r => r.EnumerateArray()).Select(e => e.GetDouble())];
                double[] actual = Objectives.Gradients.Of(pull.Centres);
                Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, dtype == ScalarType.Float64 ? 1e-9 : 1e-5));
            }
        }
    }
}
