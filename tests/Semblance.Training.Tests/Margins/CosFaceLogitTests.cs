using Semblance.Training.Margins;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Margins;

public sealed class CosFaceLogitTests
{
    [Fact]
    public void TakesTheMarginOffTheCosine()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor cosine = tensor(new[] { -1.0, 0.2, 1.0 });
        double[] bent = new CosFaceLogit(0.35).Bend(new TargetColumn(cosine, ones_like(cosine))).data<double>().ToArray();
        Assert.Equal([-1.35, -0.15, 0.65], bent.Select(b => Math.Round(b, 12)));
    }

    [Fact]
    public void RefusesANegativeMargin() => Assert.Throws<ArgumentOutOfRangeException>(() => new CosFaceLogit(-0.1));
}
