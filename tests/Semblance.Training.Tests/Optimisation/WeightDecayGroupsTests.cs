using Semblance.Training.Optimisation;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Optimisation;

public sealed class WeightDecayGroupsTests
{
    private static readonly string[] Kernels = ["0.weight", "3.weight"];

    [Fact]
    public void Only_kernels_and_matrices_decay()
    {
        using var network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.PReLU(4), nn.Linear(4, 2));
        IReadOnlyList<ParameterGroup> groups = WeightDecayGroups.Split(network, "", 1, 5e-4, decayEverything: false);
        Assert.Equal(Kernels, groups.Single(group => group.WeightDecay > 0).Parameters.Select(pair => pair.Key));
        Assert.Equal(5, groups.Single(group => group.WeightDecay == 0).Parameters.Count);
    }

    [Fact]
    public void The_large_scale_recipe_decays_everything()
    {
        using var network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4));
        Assert.Equal(4, Assert.Single(WeightDecayGroups.Split(network, "", 1, 5e-4, decayEverything: true)).Parameters.Count);
    }

    [Fact]
    public void A_parameter_without_gradient_is_left_out()
    {
        using var network = nn.BatchNorm1d(4);
        network.weight.requires_grad = false;
        Assert.Equal("bias", Assert.Single(Assert.Single(WeightDecayGroups.Split(network, "", 1, 5e-4, decayEverything: true)).Parameters).Key);
    }
}
