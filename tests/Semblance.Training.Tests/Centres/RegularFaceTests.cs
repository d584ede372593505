using CsCheck;
using Semblance.Training.Centres;
using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Margins;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Centres;

public sealed class RegularFaceTests
{
    private static readonly Tensor NoLabels = zeros(1, ScalarType.Int64);

    [Fact]
    public void IsTheMeanCosineToTheNearestOtherCentre() => Gen.Select(Gen.Long[1, 10_000], Gen.Int[2, 9]).Sample(
        (seed, classes) =>
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor centres, _) = Gradients.Batch(seed, classes, 3, classes);
            double[] w = Gradients.Of(centres);
            double expected = Enumerable.Range(0, classes).Average(i => Enumerable.Range(0, classes).Where(j => j != i).Max(j =>
            {
                double dot = Enumerable.Range(0, 3).Sum(d => w[(i * 3) + d] * w[(j * 3) + d]);
                return dot / Math.Sqrt(Enumerable.Range(0, 3).Sum(d => w[(i * 3) + d] * w[(i * 3) + d]) * Enumerable.Range(0, 3).Sum(d => w[(j * 3) + d] * w[(j * 3) + d]));
            }));
            Assert.Equal(expected, new RegularFace().Of(centres, NoLabels).item<double>(), 10);
        },
        iter: 30);

    [Fact]
    public void FindsTheNearestBeyondOneBlockOfRows()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor centres, _) = Gradients.Batch(5, 1500, 4, 2);
        Tensor unit = nn.functional.normalize(centres.detach());
        Tensor cosines = unit.matmul(unit.t()) - (3 * eye(1500, dtype: ScalarType.Float64));
        Assert.Equal(cosines.max(1).values.mean().item<double>(), new RegularFace().Of(centres, NoLabels).item<double>(), 10);
    }

    [Fact]
    public void DrivesTwoCentresApart()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor centres = nn.Parameter(tensor(new double[] { 1, 0, 1, 0.1 }, [2, 2]));
        new RegularFace().Of(centres, NoLabels).backward();
        using IDisposable noGradient = no_grad();
        double before = new RegularFace().Of(centres, NoLabels).item<double>();
        centres.sub_(centres.grad!);
        Assert.True(new RegularFace().Of(centres, NoLabels).item<double>() < before);
    }

    [Fact]
    public void IsZeroForASingleClassAndFiniteForCentresWithoutDirection()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor one = ones([1, 3]).requires_grad_();
        Tensor none = zeros([3, 3]).requires_grad_();
        foreach (Tensor centres in new[] { one, none })
        {
            Tensor term = new RegularFace().Of(centres, NoLabels);
            term.backward();
            Assert.Equal(0, term.item<float>());
            Assert.Equal(0, centres.grad!.abs().max().item<float>());
        }
    }

    [Theory]
    [InlineData("softmax")]
    [InlineData("cosface")]
    [InlineData("arcface")]
    public void GradientsEqualCentralDifferencesBesideAnyClassifier(string loss)
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, seed, 3, 4);
            using Objective objective = ObjectiveRegistry.Create(
                "regularface", new Dictionary<string, object?> { ["classifier"] = loss, ["strength"] = 3 }, new ObjectiveContext(4, 3, (ulong)seed));
            using (no_grad())
            {
                // The centres' start is short: at their own length differences of the nearest are well told apart.
                ((RegularisedClassifier)objective).Classifier.Centres.named_parameters().First(p => p.name == "weight").parameter.mul_(100);
            }

            Gradients.AssertMatchDifferences(objective, embeddings, labels);
        }
    }

    [Fact]
    public void AddsItsTermToTheClassifiersLossAndTakesTheClassifiersParameters()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(3, 8, 4, 5, ScalarType.Float32);
        ObjectiveContext context = new(5, 4, 1);
        Dictionary<string, object?> cosface = new() { ["scale"] = 20.0, ["margin"] = 0.2 };
        using Objective plain = ObjectiveRegistry.Create("cosface", cosface, context);
        using Objective own = ObjectiveRegistry.Create(
            "regularface", new Dictionary<string, object?> { ["classifier"] = new Dictionary<string, object?>(cosface) { ["name"] = "cosface" }, ["strength"] = 2.0 }, context);
        ObjectiveValue value = own.Evaluate(embeddings, labels);
        Assert.Equal(plain.Evaluate(embeddings, labels).Loss.item<float>() + (2 * value.Figures["regulariser"]), value.Loss.item<float>(), 4);
        Assert.Equal(20, value.Figures["scale"]);
        Assert.NotNull(value.TargetAngles);
    }

    [Fact]
    public void EasesTheClassifiersMargin()
    {
        using Objective own = ObjectiveRegistry.Create("regularface", new Dictionary<string, object?> { ["classifier"] = "cosface" }, new ObjectiveContext(5, 4, 1));
        using Objective plain = ObjectiveRegistry.Create("regularface", new Dictionary<string, object?> { ["classifier"] = "softmax" }, new ObjectiveContext(5, 4, 1));
        Assert.True(own.Anneal(0.5));
        Assert.False(plain.Anneal(0.5));
    }

    [Fact]
    public void RefusesSubCentres()
    {
        using MarginSoftmaxObjective many = new("x", new ArcFaceLogit(), new SubCentres(3, 2, 4, 1), new LogitScale(10));
        Assert.Throws<ArgumentException>(() => new RegularisedClassifier("x", many, new RegularFace(), 1));
    }

    [Theory]
    [InlineData("softmax")]
    [InlineData("arcface")]
    public void IsSoundAtTheEdges(string loss) => MarginCases.AssertSound("regularface", ("classifier", loss));
}
