using Semblance.Training.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Native;

public sealed class ChannelsLastTests
{
    [Fact]
    public void A_tensor_keeps_its_shape_and_values_and_gets_the_strides()
    {
        using Tensor images = rand(2, 3, 4, 5);
        using Tensor laid = ChannelsLast.Of(images);
        Assert.Equal([2L, 3, 4, 5], laid.shape);
        Assert.Equal([60L, 1, 15, 3], laid.stride());
        Assert.True(images.equal(laid).all().item<bool>());
    }

    [Fact]
    public void A_module_computes_the_same_and_its_parameters_stay_leaves_that_take_gradients()
    {
        using var convolution = nn.Conv2d(3, 4, 3);
        using Tensor images = rand(1, 3, 6, 6);
        using Tensor expected = convolution.forward(images).detach();
        ChannelsLast.Apply(convolution);
        using Tensor actual = convolution.forward(ChannelsLast.Of(images));
        Assert.Equal(1, convolution.weight.stride()[1]);
        Assert.True(expected.allclose(actual, 1e-5, 1e-6));
        actual.sum().backward();
        Assert.NotNull(convolution.weight.grad);
    }
}
