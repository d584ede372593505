using CsCheck;
using Semblance.Training.Centres;
using Semblance.Training.Objectives;
using Semblance.Training.Tests.Margins;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Centres;

public sealed class CentreInvarianceTests
{
    [Fact]
    public void IsAQuarterOfTheSquaredDistanceOfTheSquaredLengthFromTheMean() => Gen.Long[1, 10_000].Sample(
        seed =>
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor centres, _) = Gradients.Batch(seed, 5, 3, 5);
            (_, Tensor labels) = Gradients.Batch(seed + 1, 7, 3, 5);
            double[] w = Gradients.Of(centres);
            double[] lengths = [.. Enumerable.Range(0, 5).Select(c => Enumerable.Range(0, 3).Sum(d => w[(c * 3) + d] * w[(c * 3) + d]))];
            double expected = labels.data<long>().ToArray().Average(y => Math.Pow(lengths[y] - lengths.Average(), 2) / 4);
            Assert.Equal(expected, new CentreInvariance().Of(centres, labels).item<double>(), 10);
        },
        iter: 20);

    [Fact]
    public void IsZeroForCentresOfOneLength()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor centres = tensor(new double[] { 3, 4, 5, 0, 0, -5 }, [3, 2]).requires_grad_();
        Tensor term = new CentreInvariance().Of(centres, tensor(new long[] { 0, 2 }));
        term.backward();
        Assert.Equal(0, term.item<double>());
        Assert.Equal(0, centres.grad!.abs().max().item<double>());
    }

    [Theory]
    [InlineData("softmax")]
    [InlineData("l-softmax")]
    public void GradientsEqualCentralDifferences(string loss)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(2, 6, 3, 4);
        using RegularisedClassifier objective = (RegularisedClassifier)ObjectiveRegistry.Create(
            "center-invariant",
            new Dictionary<string, object?>
            {
                ["classifier"] = loss == "softmax" ? loss : new Dictionary<string, object?> { ["name"] = loss, ["lambda_base"] = 0, ["margin"] = 2 }, ["strength"] = 3,
            },
            new ObjectiveContext(4, 3, 1));
        using (no_grad())
        {
            objective.Classifier.Centres.named_parameters().First(p => p.name == "weight").parameter.mul_(100);
        }

        Gradients.AssertMatchDifferences(objective, embeddings, labels);
    }

    [Fact]
    public void RefusesAClassifierThatDoesNotSeeTheLength()
    {
        string message = Assert.Throws<UsageException>(() => ObjectiveRegistry.Create(
            "center-invariant", new Dictionary<string, object?> { ["classifier"] = "arcface" }, new ObjectiveContext(4, 3, 1))).Message;
        Assert.Contains("'arcface'", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void IsSoundAtTheEdges() => MarginCases.AssertSound("center-invariant");
}
