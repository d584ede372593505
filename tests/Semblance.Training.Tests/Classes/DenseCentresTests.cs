using Semblance.Training.Classes;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Classes;

public sealed class DenseCentresTests
{
    [Fact]
    public void AreTheSameForTheSameSeedAndOthersForAnother()
    {
        using DenseCentres a = new(20, 8, 7);
        using DenseCentres b = new(20, 8, 7);
        using DenseCentres c = new(20, 8, 8);
        Assert.Equal(Gradients.Of(a.Weight), Gradients.Of(b.Weight));
        Assert.NotEqual(Gradients.Of(a.Weight), Gradients.Of(c.Weight));
    }

    [Fact]
    public void StartWithADeviationOfOneHundredth()
    {
        using DenseCentres centres = new(200, 64, 1, withBias: true);
        Assert.InRange(centres.Weight.std().item<float>(), 0.0097f, 0.0103f);
        Assert.InRange(centres.Weight.mean().item<float>(), -0.0005f, 0.0005f);
        Assert.Equal(0, centres.Bias!.abs().max().item<float>());
    }

    [Fact]
    public void AreParametersUnderTheirNames()
    {
        using DenseCentres with = new(3, 2, 1, withBias: true);
        using DenseCentres without = new(3, 2, 1);
        Assert.Equal(["bias", "weight"], with.named_parameters().Select(p => p.name).Order());
        Assert.Equal(["weight"], without.named_parameters().Select(p => p.name));
    }

    [Fact]
    public void KeepTheirValuesWhenTheirDtypeChanges()
    {
        using DenseCentres centres = new(3, 2, 1, withBias: true);
        double[] before = Gradients.Of(centres.Weight);
        centres.to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, centres.Dtype);
        Assert.Equal(before, Gradients.Of(centres.Weight));
        Assert.Same(centres.Weight, centres.named_parameters().Single(p => p.name == "weight").parameter);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(4, 0)]
    public void RefuseToBeNone(int classes, int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseCentres(classes, size, 1));
}
