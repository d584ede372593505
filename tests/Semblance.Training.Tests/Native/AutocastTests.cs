using Semblance.Training.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Native;

public sealed class AutocastTests
{
    [Fact]
    public void Inside_the_scope_a_convolution_computes_in_bfloat16_and_its_gradient_is_float32()
    {
        using var convolution = nn.Conv2d(3, 8, 3);
        using Tensor images = rand(2, 3, 8, 8);
        Tensor output;
        using (Autocast.BFloat16())
        {
            Assert.True(Autocast.IsActive);
            output = convolution.forward(images);
        }

        Assert.False(Autocast.IsActive);
        Assert.Equal(ScalarType.BFloat16, output.dtype);
        output.to(ScalarType.Float32).sum().backward();
        Assert.Equal(ScalarType.Float32, convolution.weight.grad!.dtype);
    }

    [Fact]
    public void A_disabled_scope_inside_an_enabled_one_keeps_float32()
    {
        using var linear = nn.Linear(4, 4);
        using Tensor rows = rand(2, 4);
        using (Autocast.BFloat16())
        {
            using (Autocast.Disabled())
            {
                Assert.Equal(ScalarType.Float32, linear.forward(rows).dtype);
            }

            Assert.Equal(ScalarType.BFloat16, linear.forward(rows).dtype);
        }
    }

    [Fact]
    public void A_weight_changed_between_two_scopes_is_seen_by_the_second()
    {
        using var linear = nn.Linear(4, 4, hasBias: false);
        using Tensor rows = ones(1, 4);
        float before = Run();
        using (no_grad())
        {
            linear.weight.mul_(2f);
        }

        Assert.Equal(2 * before, Run(), 1e-6f);

        float Run()
        {
            using Autocast scope = Autocast.BFloat16();
            return linear.forward(rows).to(ScalarType.Float32).sum().item<float>();
        }
    }
}
