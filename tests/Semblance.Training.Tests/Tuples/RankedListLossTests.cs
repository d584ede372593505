using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

public sealed class RankedListLossTests
{
    [Fact]
    public void WeighsNegativesAlikeWithoutATemperatureAndTheNearestMostWithAHighOne()
    {
        using DisposeScope scope = NewDisposeScope();
        // One anchor at 0°, another person at 30° and at 60°: distances 2 sin(θ/2).
        Tensor embeddings = stack([Direction(0), Direction(30), Direction(60)]);
        Tensor labels = tensor(new long[] { 0, 1, 1 });
        (double near, double far) = (2 * Math.Sin(Math.PI / 12), 2 * Math.Sin(Math.PI / 6));
        // The photos of person 1 see the anchor at 30° and at 60°, one negative each.
        double others = (1.2 - near) + (1.2 - far);
        Assert.Equal(((1.2 - ((near + far) / 2)) + others) / 3, Loss(0), 9);
        Assert.Equal(((1.2 - near) + others) / 3, Loss(1000), 9);

        double Loss(double temperature)
        {
            using Objective objective = ObjectiveRegistry.Create(
                "ranked-list", new Dictionary<string, object?> { ["temperature"] = temperature, ["balance"] = 1 }, new ObjectiveContext(2, 2, 1));
            return objective.Evaluate(embeddings, labels).Loss.item<double>();
        }
    }

    [Fact]
    public void CostsNothingWherePositivesLieWithinTheBallAndNegativesBeyondTheBoundary()
    {
        using DisposeScope scope = NewDisposeScope();
        using Objective objective = ObjectiveRegistry.Create("ranked-list", new Dictionary<string, object?>(), new ObjectiveContext(2, 2, 1));
        Tensor embeddings = stack([Direction(0), Direction(40), Direction(180), Direction(200)]).requires_grad_();
        ObjectiveValue value = objective.Evaluate(embeddings, tensor(new long[] { 0, 0, 1, 1 }));
        value.Loss.backward();
        Assert.Equal(0, value.Loss.item<double>());
        Assert.Equal(0, embeddings.grad!.abs().max().item<double>());
    }

    [Fact]
    public void RefusesAMarginAboveItsBoundary()
    {
        UsageException e = Assert.Throws<UsageException>(() => ObjectiveRegistry.Create(
            "ranked-list", new Dictionary<string, object?> { ["boundary"] = 0.5, ["margin"] = 0.8 }, new ObjectiveContext(2, 2, 1)));
        Assert.Contains("above its boundary", e.Message, StringComparison.Ordinal);
    }

    private static Tensor Direction(double degrees) => tensor(new[] { Math.Cos(degrees * Math.PI / 180), Math.Sin(degrees * Math.PI / 180) });
}
