using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Golden;

public sealed class MarginGoldenTests
{
    public static TheoryData<string> Cases => GoldenCase.In("softmax", "normface", "cosface", "arcface");

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
        DenseCentres centres = new(golden.Classes, golden.Dim, 1, golden.Has("bias"));
        using MarginSoftmaxObjective objective = new(name, Curve(golden), centres, Scale(golden));
        objective.to(dtype);
        using (no_grad())
        {
            centres.Weight.copy_(golden.Input("weights"));
            centres.Bias?.copy_(golden.Input("bias"));
        }

        Tensor embeddings = golden.Embeddings(dtype);
        ObjectiveValue value = objective.Evaluate(embeddings, golden.Labels());
        value.Loss.backward();

        golden.AssertLoss(value.Loss, dtype);
        golden.AssertGradient("grad_embeddings", embeddings.grad, dtype);
        golden.AssertGradient("grad_weights", centres.Weight.grad, dtype);
        if (centres.Bias is Parameter bias)
        {
            golden.AssertGradient("grad_bias", bias.grad, dtype);
        }

        if (objective.LearnedScale is Parameter scale)
        {
            golden.AssertGradient("grad_scale", scale.grad, dtype);
        }
    }

    private static LogitScale Scale(GoldenCase golden) =>
        golden.Has("scale") ? new LogitScale(golden.Input("scale")[0].item<double>(), Learned: true)
        : golden.Hyper.TryGetProperty("s", out var s) ? new LogitScale(s.GetDouble())
        : LogitScale.None;

    private static ITargetLogit Curve(GoldenCase golden) => golden.Name.Split('/')[0] switch
    {
        "softmax" => new SoftmaxLogit(),
        "normface" => new NormFaceLogit(),
        "cosface" => new CosFaceLogit(golden.Hyper.GetProperty("m").GetDouble()),
        _ => ArcFace(golden.Hyper.GetProperty("m_radians").GetDouble(), golden.Hyper.GetProperty("variant").GetString()!),
    };

    private static ArcFaceLogit ArcFace(double m, string variant) => variant switch
    {
        "mm" => new ArcFaceLogit(m),
        "plain" => new ArcFaceLogit(m, BeyondPi.None),
        "easy" => new ArcFaceLogit(m, BeyondPi.EasyMargin),
        "fallback_cos" => new ArcFaceLogit(m, BeyondPi.Cosine),
        "clip" => new ArcFaceLogit(m, BeyondPi.Clip),
        "insightface_torch_straight_through" => new ArcFaceLogit(m, BeyondPi.None, MarginGradient.StraightThrough),
        _ => throw new InvalidOperationException($"unknown variant {variant}"),
    };
}
