using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Margins;

public sealed class AdaCosLogitTests
{
    [Theory]
    [InlineData(8, false)]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void TheScaleFollowsTheFormulaWrittenOut(int batch, bool averages)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(7, batch, 5, 12);
        AdaCosLogit curve = new(12, dynamic: true, averages);
        using MarginSoftmaxObjective objective = Create(curve, 12, 5);
        double before = Math.Sqrt(2) * Math.Log(11);
        Assert.Equal(before, curve.Scale, 12);
        var cosines = new Cosines(embeddings, ((DenseCentres)objective.Centres).Weight, labels);
        double[] angles = [.. cosines.Own.Select(Math.Acos).Order()];
        double median = averages ? (angles[3] + angles[4]) / 2 : angles[(batch - 1) / 2];
        double mean = cosines.Mean((_, others) => others.Sum(c => Math.Exp(before * c)));
        double scale = Math.Log(mean) / Math.Cos(Math.Min(Math.PI / 4, median));

        ObjectiveValue value = objective.Evaluate(embeddings, labels);
        Assert.Equal(scale, curve.Scale, 9);
        Assert.Equal(scale, value.Figures["scale"], 9);
        Assert.Equal(cosines.CrossEntropy(y => scale * y, (_, c) => scale * c), value.Loss.item<double>(), 9);
    }

    [Fact]
    public void InFloat32TheScaleIsTheSameToItsDigits()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(7, 16, 32, 500);
        AdaCosLogit wide = new(500);
        AdaCosLogit narrow = new(500);
        using MarginSoftmaxObjective a = Create(wide, 500, 32);
        using MarginSoftmaxObjective b = new("adacos", narrow, new DenseCentres(500, 32, 1), LogitScale.None);
        a.Evaluate(embeddings, labels);
        b.Evaluate(embeddings.detach().to_type(ScalarType.Float32), labels);
        Assert.Equal(wide.Scale, narrow.Scale, 4);
    }

    [Fact]
    public void TheScaleStaysWhereItIsFixedOrNotTraining()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, 4, 3, 6);
        AdaCosLogit fixedOne = new(6, dynamic: false);
        AdaCosLogit following = new(6);
        using MarginSoftmaxObjective a = Create(fixedOne, 6, 3);
        using MarginSoftmaxObjective b = Create(following, 6, 3);
        b.eval();
        a.Evaluate(embeddings, labels);
        b.Evaluate(embeddings, labels);
        Assert.Equal(AdaCosLogit.FixedScale(6), fixedOne.Scale);
        Assert.Equal(AdaCosLogit.FixedScale(6), following.Scale);
        Assert.Contains("curve.scale", b.state_dict().Keys);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AFewClassesLeaveTheScaleAboveZero(int classes)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, 4, 3, classes);
        AdaCosLogit curve = new(classes);
        using MarginSoftmaxObjective objective = Create(curve, classes, 3);
        // The other centre opposite the own: Σ exp is below 1 and its logarithm below 0.
        using (no_grad())
        {
            Tensor weight = ((DenseCentres)objective.Centres).Weight;
            weight.copy_(embeddings.detach().sum([0L], keepdim: true).expand(classes, 3) * tensor(Enumerable.Range(0, classes).Select(c => c == 0 ? 1.0 : -1).ToArray()).unsqueeze(1));
        }

        objective.Evaluate(embeddings, zeros(4, ScalarType.Int64));
        Assert.InRange(curve.Scale, 1e-3, 100);
    }

    [Fact]
    public void GradientsEqualCentralDifferences()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(5, 5, 4, 6);
        using MarginSoftmaxObjective objective = Create(new AdaCosLogit(6), 6, 4);
        objective.eval();
        Gradients.AssertMatchDifferences(objective, embeddings, labels);
    }

    [Fact]
    public void IsSoundAtTheEdges()
    {
        MarginCases.AssertSound("adacos");
        MarginCases.AssertSound("adacos", ("adaptation", "fixed"));
        MarginCases.AssertInvariant(() => Create(new AdaCosLogit(3), 3, 4), 7);
    }

    [Fact]
    public void RefusesAMedianForAFixedScale()
    {
        Dictionary<string, object?> parameters = new() { ["adaptation"] = "fixed", ["median"] = "mean" };
        Assert.Contains("no effect", Assert.Throws<UsageException>(() => ObjectiveRegistry.Create("adacos", parameters, new ObjectiveContext(3, 4, 1))).Message, StringComparison.Ordinal);
    }

    private static MarginSoftmaxObjective Create(AdaCosLogit curve, int classes, int dim)
    {
        MarginSoftmaxObjective objective = new("adacos", curve, new DenseCentres(classes, dim, 1), LogitScale.None);
        objective.to(ScalarType.Float64);
        return objective;
    }
}
