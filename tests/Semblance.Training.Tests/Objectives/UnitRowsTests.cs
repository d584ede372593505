using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Objectives;

public sealed class UnitRowsTests
{
    [Fact]
    public void HaveLengthOne()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = tensor(new[] { 3.0, 4, 0, 1e-6, 0, 0 }, [2, 3]);
        Assert.Equal([0.6, 0.8, 0, 1, 0, 0], UnitRows.Of(rows).data<double>().ToArray().Select(v => Math.Round(v, 12)));
        Assert.Equal([5, 1e-6], UnitRows.Norms(rows).data<double>().ToArray().Select(v => Math.Round(v, 12)));
    }

    [Fact]
    public void StayZeroWithAZeroGradientWhereThereIsNoDirection()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = zeros([2, 3], ScalarType.Float32).requires_grad_();
        (UnitRows.Of(rows).sum() + UnitRows.Norms(rows).sum()).backward();
        Assert.Equal(0, rows.grad!.abs().max().item<float>());
    }
}
