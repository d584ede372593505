using Semblance.Training.Classes;
using Semblance.Training.Objectives;

namespace Semblance.Training.Tests.Classes;

public sealed class ClassLayerTests
{
    [Theory]
    [InlineData("arcface", "dense", typeof(DenseCentres))]
    [InlineData("arcface", "sampled", typeof(SampledCentres))]
    [InlineData("curricularface", "closed-form", typeof(ClosedFormCentres))]
    [InlineData("l-softmax", "sampled", typeof(SampledCentres))]
    public void IsTheOneAskedFor(string loss, string layer, Type expected)
    {
        using var objective = (MarginSoftmaxObjective)Create(loss, ("class_layer", layer));
        Assert.IsType(expected, objective.Centres);
    }

    [Fact]
    public void ASampledLayerTakesATenthUnlessTold()
    {
        using var objective = (MarginSoftmaxObjective)Create("arcface", ("class_layer", "sampled"));
        Assert.Equal(0.1, ((SampledCentres)objective.Centres).SampleRate);
        using var other = (MarginSoftmaxObjective)Create("arcface", ("class_layer", "sampled"), ("sample_rate", 0.3));
        Assert.Equal(0.3, ((SampledCentres)other.Centres).SampleRate);
    }

    [Theory]
    [InlineData("arcface", "sample_rate", 0.2, "no effect", "class_layer", "closed-form")]
    [InlineData("arcface", "sample_rate", 0.2, "no effect", "class_layer", "dense")]
    [InlineData("softmax", "class_layer", "sampled", "bias: false", "bias", true)]
    [InlineData("l-softmax", "class_layer", "closed-form", "norms of its centres", "margin", 2)]
    [InlineData("arcface", "sample_rate", 0.0, "above 0", "class_layer", "sampled")]
    public void WhatHasNoPlaceIsRefused(string loss, string key, object value, string expected, string otherKey, object otherValue)
    {
        string message = Assert.Throws<UsageException>(() => Create(loss, (key, value), (otherKey, otherValue))).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void ARegulariserOfCentresAsksForADenseOne()
    {
        Dictionary<string, object?> classifier = new() { ["name"] = "arcface", ["class_layer"] = "closed-form" };
        Assert.Contains("does not keep all its centres at hand", Assert.Throws<UsageException>(() => Create("regularface", ("classifier", classifier))).Message, StringComparison.Ordinal);
    }

    private static Objective Create(string loss, params (string Key, object? Value)[] parameters) =>
        ObjectiveRegistry.Create(loss, parameters.ToDictionary(p => p.Key, p => p.Value), new ObjectiveContext(20, 4, 1));
}
