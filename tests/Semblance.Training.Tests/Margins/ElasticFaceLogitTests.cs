using CsCheck;
using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Margins;

public sealed class ElasticFaceLogitTests
{
    [Fact]
    public void DrawsMarginsWithTheGivenMeanAndDeviation()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor margins = new ElasticFaceLogit(ElasticMargin.Arc, 0.5, 0.05, seed: 3).Margins(zeros(20_000, ScalarType.Float64));
        Assert.Equal(0.5, margins.mean().item<double>(), 0.002);
        Assert.Equal(0.05, margins.std().item<double>(), 0.001);
    }

    [Theory]
    [InlineData(ElasticMargin.Arc)]
    [InlineData(ElasticMargin.Cos)]
    public void BendsEachSampleByItsOwnMargin(ElasticMargin kind)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(3, 9, 5, 6);
        ElasticFaceLogit curve = new(kind, 0.4, 0.05, seed: 7);
        using MarginSoftmaxObjective objective = new("elasticface", curve, new DenseCentres(6, 5, 3), new LogitScale(20));
        objective.to(ScalarType.Float64);
        double loss = objective.Evaluate(embeddings, labels).Loss.item<double>();
        double[] m = Gradients.Of(curve.Margins(zeros(9, ScalarType.Float64)));
        Assert.Equal(9, m.Distinct().Count());
        double expected = MarginCases.Loss(
            embeddings, ((DenseCentres)objective.Centres).Weight, labels,
            (theta, i) => kind == ElasticMargin.Arc ? Math.Cos(theta + m[i]) : Math.Cos(theta) - m[i], true, true, 20);
        Assert.Equal(expected, loss, 9);
    }

    [Fact]
    public void GivesTheFarthestSampleTheLargestMarginWithPlus() => Gen.Int[1, 40].Sample(
        count =>
        {
            using DisposeScope scope = NewDisposeScope();
            using Generator generator = new((ulong)count);
            Tensor cosine = rand(count, ScalarType.Float64, generator: generator);
            double[] margins = Gradients.Of(new ElasticFaceLogit(ElasticMargin.Arc, 0.5, 0.0175, ElasticOrder.Cosine, seed: 2).Margins(cosine));
            double[] farthestFirst = [.. Gradients.Of(cosine).Zip(margins).OrderBy(pair => pair.First).Select(pair => pair.Second)];
            Assert.Equal(margins.OrderDescending(), farthestFirst);
        },
        iter: 20);

    [Fact]
    public void InvertsThePermutationAsTheAuthorsCodeDoes()
    {
        using DisposeScope scope = NewDisposeScope();
        // Nearest first: samples 1, 2, 0. The code gives sample i the margin of rank list[i].
        Tensor cosine = tensor(new[] { 0.1, 0.9, 0.5 });
        double[] sorted = [.. Gradients.Of(new ElasticFaceLogit(ElasticMargin.Arc, 0.5, 0.1, seed: 2).Margins(cosine)).Order()];
        double[] plus = Gradients.Of(new ElasticFaceLogit(ElasticMargin.Arc, 0.5, 0.1, ElasticOrder.Cosine, seed: 2).Margins(cosine));
        double[] authors = Gradients.Of(new ElasticFaceLogit(ElasticMargin.Arc, 0.5, 0.1, ElasticOrder.AuthorsCode, seed: 2).Margins(cosine));
        Assert.Equal([sorted[2], sorted[0], sorted[1]], plus);
        Assert.Equal([sorted[1], sorted[2], sorted[0]], authors);
    }

    [Fact]
    public void DrawsAnewAtEachStepAndTheSameAfterAResume()
    {
        using DisposeScope scope = NewDisposeScope();
        TargetColumn target = new(zeros(5), ones(5));
        ElasticFaceLogit curve = new(ElasticMargin.Arc, 0.5, 0.05, seed: 2);
        curve.Observe(target);
        float[] first = curve.Margins(target.Cosine).data<float>().ToArray();
        Assert.Equal(first, curve.Margins(target.Cosine).data<float>().ToArray());
        curve.Observe(target);
        float[] second = curve.Margins(target.Cosine).data<float>().ToArray();
        Assert.NotEqual(first, second);
        ElasticFaceLogit resumed = new(ElasticMargin.Arc, 0.5, 0.05, seed: 2);
        resumed.load_state_dict(curve.state_dict());
        Assert.Equal(second, resumed.Margins(target.Cosine).data<float>().ToArray());
    }

    [Theory]
    [InlineData(ElasticMargin.Arc)]
    [InlineData(ElasticMargin.Cos)]
    public void HasTheMeanMarginOutsideTrainingAndEqualsThePlainCurveThere(ElasticMargin kind)
    {
        ElasticFaceLogit curve = new(kind, 0.5, 0.05);
        curve.eval();
        ITargetLogit plain = kind == ElasticMargin.Arc ? new ArcFaceLogit(0.5, BeyondPi.None) : new CosFaceLogit(0.5);
        Assert.All(MarginCases.Sweep(plain).Zip(MarginCases.Sweep(curve)), pair => Assert.Equal(pair.First, pair.Second, 12));
    }

    [Theory]
    [InlineData(ElasticMargin.Arc)]
    [InlineData(ElasticMargin.Cos)]
    public void GradientsEqualCentralDifferences(ElasticMargin kind)
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor embeddings, Tensor labels) = Gradients.Batch(seed, seed, 2 + seed, seed == 1 ? 1 : 4);
            using MarginSoftmaxObjective objective = new(
                "elasticface", new ElasticFaceLogit(kind, 0.4, 0.05), new DenseCentres(seed == 1 ? 1 : 4, 2 + seed, 3), new LogitScale(20));
            objective.eval();
            Gradients.AssertMatchDifferences(objective, embeddings, labels);
        }
    }

    [Theory]
    [InlineData("drawn")]
    [InlineData("cosine")]
    public void IsSoundAtTheEdges(string order) => MarginCases.AssertSound("elasticface", ("order", order));

    [Fact]
    public void IsFiniteAtTheEnds() => MarginCases.AssertFiniteAtTheEnds(() => new ElasticFaceLogit(ElasticMargin.Arc, 0.5, 0.05));

    [Theory]
    [InlineData("arc", "drawn", 0.5, 0.05)]
    [InlineData("cos", "drawn", 0.35, 0.05)]
    [InlineData("arc", "cosine", 0.5, 0.0175)]
    [InlineData("cos", "cosine", 0.35, 0.025)]
    public void TakesThePapersMarginsUnlessGiven(string kind, string order, double margin, double deviation)
    {
        using MarginSoftmaxObjective objective = (MarginSoftmaxObjective)ObjectiveRegistry.Create(
            "elasticface", new Dictionary<string, object?> { ["kind"] = kind, ["order"] = order }, new ObjectiveContext(3, 4, 1));
        ElasticFaceLogit curve = (ElasticFaceLogit)objective.Curve;
        Assert.Equal((margin, deviation), (curve.Margin, curve.Deviation));
    }

    [Fact]
    public void RefusesATreatmentThatTheCosineKindHasNoUseFor() => Assert.Contains(
        "no effect with kind 'cos'",
        Assert.Throws<UsageException>(() => ObjectiveRegistry.Create(
            "elasticface", new Dictionary<string, object?> { ["kind"] = "cos", ["beyond_pi"] = "linear" }, new ObjectiveContext(3, 4, 1))).Message,
        StringComparison.Ordinal);
}
