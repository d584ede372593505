using Semblance.Training.Objectives;
using Semblance.Training.Proxies;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Proxies;

public sealed class ProxyObjectiveTests
{
    private static readonly ObjectiveContext Context = new(4, 5, 1);

    [Theory]
    [InlineData("proxy-nca", "{}")]
    [InlineData("proxy-nca", "{own_in_denominator: true, scale: 4}")]
    [InlineData("proxy-anchor", "{}")]
    [InlineData("soft-triple", "{centres: 3}")]
    [InlineData("soft-triple", "{centres: 1}")]
    public void GradientsEqualCentralDifferences(string name, string parameters)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(1, 7, 5, 4);
        using Objective objective = Create(name, parameters);
        objective.to(ScalarType.Float64);
        Spread(objective);
        Gradients.AssertMatchDifferences(objective, embeddings, labels);
    }

    [Fact]
    public void ProxyNcaWithTheOwnProxyInTheDenominatorIsNormFaceWithTwiceTheScale()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(2, 9, 5, 4, ScalarType.Float32);
        using Objective nca = Create("proxy-nca", "{own_in_denominator: true, scale: 8}");
        using Objective normFace = Create("normface", "{scale: 16}");
        Assert.Equal(normFace.Evaluate(embeddings, labels).Loss.item<float>(), nca.Evaluate(embeddings, labels).Loss.item<float>(), 5);
    }

    [Fact]
    public void SoftTripleWithOneCentreIsCosFaceWithItsMargin()
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor embeddings, Tensor labels) = Gradients.Batch(3, 9, 5, 4, ScalarType.Float32);
        using Objective triple = Create("soft-triple", "{centres: 1, scale: 20, margin: 0.1}");
        using Objective cosFace = Create("cosface", "{scale: 20, margin: 0.1}");
        Assert.Equal(cosFace.Evaluate(embeddings, labels).Loss.item<float>(), triple.Evaluate(embeddings, labels).Loss.item<float>(), 4);
        Assert.True(triple.Anneal(0));
        using Objective plain = Create("normface", "{scale: 20}");
        Assert.Equal(plain.Evaluate(embeddings, labels).Loss.item<float>(), triple.Evaluate(embeddings, labels).Loss.item<float>(), 4);
    }

    [Fact]
    public void CentresOfOneClassThatHaveMetAreLeftInPeace()
    {
        using DisposeScope scope = NewDisposeScope();
        using var objective = (ProxyObjective)Create("soft-triple", "{centres: 3}");
        using (no_grad())
        {
            objective.Proxies.copy_(objective.Proxies.reshape(4, 3, 5).narrow(1, 0, 1).expand(4, 3, 5).reshape(12, 5).clone());
        }

        (Tensor embeddings, Tensor labels) = Gradients.Batch(4, 6, 5, 4, ScalarType.Float32);
        Tensor loss = objective.Evaluate(embeddings, labels).Loss;
        loss.backward();
        Gradients.AssertFinite(loss);
        Gradients.AssertFinite(objective.Proxies.grad);
    }

    [Fact]
    public void TellsHowManySamplesAreNearestToTheirOwnClass()
    {
        using DisposeScope scope = NewDisposeScope();
        using var objective = (ProxyObjective)Create("proxy-anchor", "{}");
        Tensor own = objective.Proxies.detach().clone();
        ObjectiveValue right = objective.Evaluate(own, tensor(new long[] { 0, 1, 2, 3 }));
        Assert.Equal(1, right.Figures["accuracy"]);
        Assert.Equal(4, right.TargetAngles!.Length);
        Assert.Equal(0, objective.Evaluate(own, tensor(new long[] { 1, 2, 3, 0 })).Figures["accuracy"]);
    }

    [Fact]
    public void RefusesParametersWithoutEffectOnASingleCentre() => Assert.Contains(
        "no effect", Assert.Throws<UsageException>(() => Create("soft-triple", "{centres: 1, tau: 0.1}")).Message, StringComparison.Ordinal);

    private static Objective Create(string name, string parameters) => ObjectiveRegistry.Create(name, Yaml.Parameters(parameters), Context);

    // Initial proxies are short: a step of the differences would be a large turn of them.
    private static void Spread(Objective objective)
    {
        using IDisposable noGradient = no_grad();
        ((ProxyObjective)objective).Proxies.mul_(100);
    }
}
