using Semblance.Training.Optimisation;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Optimisation;

public sealed class GradientNormTests
{
    [Fact]
    public void Gradients_above_the_bound_are_scaled_together_and_below_it_left_alone()
    {
        using Tensor a = zeros(1, requires_grad: true);
        using Tensor b = zeros(1, requires_grad: true);
        using Tensor unused = zeros(1, requires_grad: true);
        a.mul(3).add(b.mul(4)).sum().backward();
        Assert.Equal(5, GradientNorm.Clip([a, b, unused], 10), 1e-6);
        Assert.Equal((3f, 4f), (a.grad!.item<float>(), b.grad!.item<float>()));
        Assert.Equal(5, GradientNorm.Clip([a, b, unused], 1), 1e-6);
        Assert.Equal(0.6f, a.grad!.item<float>(), 1e-6f);
        Assert.Equal(0.8f, b.grad!.item<float>(), 1e-6f);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_told_and_not_spread()
    {
        using Tensor a = zeros(1, requires_grad: true);
        using Tensor b = zeros(1, requires_grad: true);
        a.log().add(b).sum().backward();
        Assert.False(double.IsFinite(GradientNorm.Clip([a, b], 1)));
        Assert.Equal(1f, b.grad!.item<float>());
    }
}
