using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Margins;

public sealed class CurricularFaceLogitTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    public void EqualsTheFormulaWrittenOut(double progress)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(4, 9, 5, 7);
        using MarginSoftmaxObjective objective = Create(7, 5, progress, out CurricularFaceLogit curve);
        var cosines = new Cosines(embeddings, ((DenseCentres)objective.Centres).Weight, labels);
        double t = (0.01 * cosines.Own.Average()) + (0.99 * progress);
        double expected = cosines.CrossEntropy(
            own => 20 * Math.Cos(Math.Acos(own) + 0.5),
            (own, other) => 20 * (other > Math.Cos(Math.Acos(own) + 0.5) ? other * (t + other) : other));

        Assert.Equal(expected, objective.Evaluate(embeddings, labels).Loss.item<double>(), 9);
        Assert.Equal(t, curve.Progress, 12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void GradientsEqualCentralDifferences(int seed)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, 5, 4, 6);
        using MarginSoftmaxObjective objective = Create(6, 4, 0.4, out _, seed);
        objective.eval();
        Gradients.AssertMatchDifferences(objective, embeddings, labels);
    }

    [Fact]
    public void TheMeanMovesInTrainingOnlyAndIsInTheState()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, 4, 3, 3);
        using MarginSoftmaxObjective objective = Create(3, 3, 0.2, out CurricularFaceLogit curve);
        objective.eval();
        objective.Evaluate(embeddings, labels);
        Assert.Equal(0.2, curve.Progress, 12);
        objective.train();
        objective.Evaluate(embeddings, labels);
        Assert.NotEqual(0.2, curve.Progress);
        Assert.Contains("curve.t", objective.state_dict().Keys);
    }

    [Fact]
    public void WithoutHarderClassesItIsArcFace()
    {
        using DisposeScope scope = NewDisposeScope();
        using MarginSoftmaxObjective objective = Create(3, 4, 0.3, out _);
        using MarginSoftmaxObjective arcface = new("arcface", new ArcFaceLogit(), new DenseCentres(3, 4, 1), new LogitScale(20));
        arcface.to(ScalarType.Float64);
        Tensor weight = eye(3, 4, ScalarType.Float64);
        using (no_grad())
        {
            ((DenseCentres)objective.Centres).Weight.copy_(weight);
            ((DenseCentres)arcface.Centres).Weight.copy_(weight);
        }

        Tensor labels = arange(3, ScalarType.Int64);
        Tensor embeddings = (weight * 3) + 0.1;
        Assert.Equal(arcface.Evaluate(embeddings, labels).Loss.item<double>(), objective.Evaluate(embeddings, labels).Loss.item<double>(), 12);
    }

    [Fact]
    public void IsSoundAtTheEdges()
    {
        MarginCases.AssertSound("curricularface");
        MarginCases.AssertFiniteAtTheEnds(() => new CurricularFaceLogit());
        MarginCases.AssertInvariant(() => Create(3, 4, 0.3, out _), 3);
    }

    [Fact]
    public void EasedToNothingTheMarginIsGone()
    {
        var curve = new CurricularFaceLogit();
        curve.Anneal(0);
        Assert.Equal(Math.Cos(1), MarginCases.At(curve, 1).Value, 12);
        curve.Anneal(1);
        Assert.Equal(Math.Cos(1.5), MarginCases.At(curve, 1).Value, 12);
    }

    private static MarginSoftmaxObjective Create(int classes, int dim, double progress, out CurricularFaceLogit curve, int seed = 1)
    {
        curve = new CurricularFaceLogit();
        MarginSoftmaxObjective objective = new("curricularface", curve, new DenseCentres(classes, dim, (ulong)seed), new LogitScale(20));
        objective.to(ScalarType.Float64);
        curve.Progress = progress;
        return objective;
    }
}
