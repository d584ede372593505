namespace Semblance.Training.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void TorchLoads() => Assert.Equal(3f, TorchSharp.torch.ones(3).sum().item<float>());
}
