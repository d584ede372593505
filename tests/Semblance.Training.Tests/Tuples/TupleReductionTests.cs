using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Tuples;

public sealed class TupleReductionTests
{
    [Theory]
    [InlineData(TupleReduction.Sum, 10)]
    [InlineData(TupleReduction.MeanOverAll, 2)]
    [InlineData(TupleReduction.MeanOverActive, 2.5)]
    [InlineData(TupleReduction.MeanPerAnchor, 2.75)] // (1 + 0 + 3 + 2)/4 = 1.5 for one anchor, 4 for the other
    public void DividesByWhatItSays(TupleReduction reduction, double expected)
    {
        using DisposeScope scope = NewDisposeScope();
        TupleTerms terms = TupleTerms.Listed(tensor(new double[] { 1, 0, 3, 4, 2 }), () => tensor(new long[] { 2, 2, 2, 7, 2 }));
        Assert.Equal(expected, reduction.Reduce(terms).item<double>(), 12);
        TupleTerms addedUp = TupleTerms.AddedUp(tensor(new double[] { 0, 6, 4 }), tensor(new double[] { 0, 4, 1 }), tensor(new double[] { 0, 3, 1 }));
        Assert.Equal(expected, reduction.Reduce(addedUp).item<double>(), 12);
        Assert.Equal(7, reduction.Reduce(TupleTerms.AsItIs(tensor(7.0))).item<double>());
    }

    [Theory]
    [InlineData(TupleReduction.Sum)]
    [InlineData(TupleReduction.MeanOverAll)]
    [InlineData(TupleReduction.MeanOverActive)]
    [InlineData(TupleReduction.MeanPerAnchor)]
    public void GivesAZeroThatBackPropagatesForNoTuples(TupleReduction reduction)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor source = ones(4).requires_grad_();
        Tensor none = source.index_select(0, zeros(0, ScalarType.Int64));
        Tensor reduced = reduction.Reduce(TupleTerms.Listed(none, () => zeros(0, ScalarType.Int64)));
        reduced.backward();
        Assert.Equal(0, reduced.item<float>());
        Assert.Equal(0, source.grad!.abs().max().item<float>());
    }

    [Fact]
    public void GivesZeroWhereNoTupleIsActive()
    {
        using DisposeScope scope = NewDisposeScope();
        Assert.Equal(0, TupleReduction.MeanOverActive.Reduce(TupleTerms.Listed(zeros(3), () => zeros(3, ScalarType.Int64))).item<float>());
    }
}
