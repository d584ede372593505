using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Golden;

/// <summary>The golden cases of curves with a multiplied, combined or adaptive margin.</summary>
public sealed class CurveGoldenTests
{
    public static TheoryData<string> Cases => GoldenCase.In("large_margin_softmax", "sphereface", "combined_margin", "subcenter_arcface", "adaface", "magface");

    [Theory]
    [MemberData(nameof(Cases))]
    public void EqualsTheReferenceInFloat64(string name) => Check(name, ScalarType.Float64);

    [Theory]
    [MemberData(nameof(Cases))]
    public void EqualsTheReferenceInFloat32(string name) => Check(name, ScalarType.Float32);

    private static void Check(string name, ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        GoldenCase golden = GoldenCase.Read(name);
        Assert.SkipWhen(golden.Variant.EndsWith("filter02", StringComparison.Ordinal), "The inter-class filter bends other logits.");
        using MarginSoftmaxObjective objective = new(name, Curve(golden), Centres(golden), Scale(golden));
        objective.to(dtype);
        if (objective.Curve is AdaFaceLogit adaptive)
        {
            adaptive.MeanNorm.fill_(Number(golden, "batch_mean_initial"));
            adaptive.NormDeviation.fill_(Number(golden, "batch_std_initial"));
        }

        Parameter weight = objective.Centres is SubCentres sub ? sub.Weight : ((DenseCentres)objective.Centres).Weight;
        using (no_grad())
        {
            weight.copy_(golden.Input("weights"));
        }

        Tensor embeddings = golden.Embeddings(dtype);
        ObjectiveValue value = objective.Evaluate(embeddings, golden.Labels());
        value.Loss.backward();

        golden.AssertLoss(value.Loss, dtype);
        golden.AssertGradient("grad_embeddings", embeddings.grad, dtype);
        golden.AssertGradient("grad_weights", weight.grad, dtype);
        if (objective.Curve is AdaFaceLogit after)
        {
            double tolerance = dtype == ScalarType.Float64 ? 1e-9 : 1e-4;
            Assert.Equal(golden.Extras.GetProperty("batch_mean_after").GetDouble(), after.MeanNorm.to_type(ScalarType.Float64).item<double>(), tolerance);
            Assert.Equal(golden.Extras.GetProperty("batch_std_after").GetDouble(), after.NormDeviation.to_type(ScalarType.Float64).item<double>(), tolerance);
        }
    }

    private static double Number(GoldenCase golden, string key) => golden.Hyper.GetProperty(key).GetDouble();

    private static LogitScale Scale(GoldenCase golden) =>
        golden.Hyper.TryGetProperty("s", out var s) ? new LogitScale(s.GetDouble()) : new LogitScale(Number(golden, "scale"));

    private static ClassCentres Centres(GoldenCase golden) => golden.Hyper.TryGetProperty("sub_centers", out var k)
        ? new SubCentres(golden.Classes, k.GetInt32(), golden.Dim, 1)
        : new DenseCentres(golden.Classes, golden.Dim, 1);

    private static ITargetLogit Curve(GoldenCase golden) => golden.Name.Split('/')[0] switch
    {
        "large_margin_softmax" => new LSoftmaxLogit((int)Number(golden, "m"), FallingLambda.Constant(Number(golden, "lambda"))),
        "sphereface" => new SphereFaceLogit((int)Number(golden, "m"), FallingLambda.Constant(Number(golden, "lambda"))),
        "combined_margin" => new CombinedMarginLogit(
            Number(golden, "m1"), Number(golden, "m2"), Number(golden, "m3"),
            golden.Hyper.TryGetProperty("interclass_filtering_threshold", out _) ? CombinedMarginVariant.ArcFaceTorch : CombinedMarginVariant.Paper),
        "subcenter_arcface" => new ArcFaceLogit(Number(golden, "m_radians")),
        "adaface" => new AdaFaceLogit(Number(golden, "m"), Number(golden, "h"), Number(golden, "t_alpha")),
        "magface" => new MagFaceLogit(
            (Number(golden, "l_a"), Number(golden, "u_a")), (Number(golden, "l_margin"), Number(golden, "u_margin")), Number(golden, "lambda_g"),
            golden.Hyper.GetProperty("variant").GetString() switch
            {
                "plain" => BeyondPi.None,
                "easy" => BeyondPi.EasyMargin,
                "mm" => BeyondPi.Linear,
                _ => BeyondPi.Cosine,
            }),
        _ => throw new InvalidOperationException(golden.Name),
    };
}
