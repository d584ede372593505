using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Margins;

public sealed class MvSoftmaxLogitTests
{
    public static TheoryData<bool, bool, MarginApplies> Variants => new()
    {
        { false, true, MarginApplies.Always }, { false, false, MarginApplies.Always }, { true, true, MarginApplies.Always },
        { true, false, MarginApplies.Positive }, { false, true, MarginApplies.Positive }, { false, true, MarginApplies.AboveMargin },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void EqualsTheFormulaWrittenOut(bool angular, bool adaptive, MarginApplies applies)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(6, 9, 5, 7);
        using MarginSoftmaxObjective objective = Create(7, 5, new MvSoftmaxLogit(0.35, 0.2, angular, adaptive, applies));
        double F(double y) => angular ? Math.Cos(Math.Acos(y) + 0.35) : y - 0.35;
        double expected = new Cosines(embeddings, ((DenseCentres)objective.Centres).Weight, labels).CrossEntropy(
            y => 16 * (applies switch { MarginApplies.Positive => y > 0, MarginApplies.AboveMargin => y > 0.35, _ => true } ? F(y) : y),
            // h = exp(s·t·(c + 1)) or exp(s·t), as the paper has it, times exp(s·c).
            (y, c) => (16 * c) + (c <= F(y) ? 0 : adaptive ? 16 * 0.2 * (c + 1) : 16 * 0.2));
        Assert.Equal(expected, objective.Evaluate(embeddings, labels).Loss.item<double>(), 9);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void GradientsEqualCentralDifferences(bool angular, bool adaptive, MarginApplies applies)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(2, 5, 4, 6);
        using MarginSoftmaxObjective objective = Create(6, 4, new MvSoftmaxLogit(0.35, 0.2, angular, adaptive, applies));
        Gradients.AssertMatchDifferences(objective, embeddings, labels);
    }

    [Fact]
    public void WithoutEmphasisItIsCosFace()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(8, 6, 4, 5);
        using MarginSoftmaxObjective objective = Create(5, 4, new MvSoftmaxLogit(0.35, 0));
        using MarginSoftmaxObjective cosface = Create(5, 4, new CosFaceLogit(0.35));
        Assert.Equal(cosface.Evaluate(embeddings, labels).Loss.item<double>(), objective.Evaluate(embeddings, labels).Loss.item<double>(), 12);
    }

    [Fact]
    public void IsSoundAtTheEdges()
    {
        MarginCases.AssertSound("mv-softmax");
        MarginCases.AssertSound("mv-softmax", ("kind", "arc"), ("emphasis", "fixed"), ("applies", "positive"));
        MarginCases.AssertFiniteAtTheEnds(() => new MvSoftmaxLogit(angular: true));
        MarginCases.AssertInvariant(() => Create(3, 4, new MvSoftmaxLogit()), 5);
    }

    [Fact]
    public void RefusesACosinesMarginForAnAngle()
    {
        Dictionary<string, object?> parameters = new() { ["kind"] = "arc", ["applies"] = "above-margin" };
        string message = Assert.Throws<UsageException>(() => ObjectiveRegistry.Create("mv-softmax", parameters, new ObjectiveContext(3, 4, 1))).Message;
        Assert.Contains("'applies'", message, StringComparison.Ordinal);
    }

    private static MarginSoftmaxObjective Create(int classes, int dim, ITargetLogit curve)
    {
        MarginSoftmaxObjective objective = new("mv-softmax", curve, new DenseCentres(classes, dim, 1), new LogitScale(16));
        objective.to(ScalarType.Float64);
        return objective;
    }
}
