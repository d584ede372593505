using Semblance.Training.Classes;
using Semblance.Training.Tests.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Classes;

public sealed class SampledCentresTests
{
    [Theory]
    [InlineData(0.1, 10)]
    [InlineData(0.6, 60)]
    [InlineData(1.0, 100)]
    [InlineData(0.01, 3)]
    public void OwnClassesAndOthersTakePart(double rate, int expected)
    {
        using DisposeScope scope = NewDisposeScope();
        using SampledCentres centres = new(100, 4, 7, rate);
        Tensor labels = tensor(new long[] { 41, 7, 41, 99 });
        CentreRows rows = centres.TakePart(labels);
        IReadOnlyList<long> classes = centres.LastClasses;
        Assert.Equal(expected, classes.Count);
        Assert.Equal(classes.Order().Distinct(), classes);
        Assert.Equal(labels.data<long>().ToArray(), rows.Targets.data<long>().ToArray().Select(t => classes[(int)t]));
        Assert.Equal(Gradients.Of(centres.Weight.index_select(0, tensor(classes.ToArray()))), Gradients.Of(rows.Weight));
    }

    [Fact]
    public void EachOtherClassIsDrawnAsOftenAsAnother()
    {
        using DisposeScope scope = NewDisposeScope();
        foreach (double rate in new[] { 0.2, 0.8 })
        {
            using SampledCentres centres = new(40, 2, 1, rate);
            int[] counts = new int[40];
            Tensor labels = tensor(new long[] { 5 });
            for (int step = 0; step < 4000; step++)
            {
                centres.TakePart(labels);
                foreach (long c in centres.LastClasses)
                {
                    counts[c]++;
                }
            }

            Assert.Equal(4000, counts[5]);
            double mean = 4000 * ((40 * rate) - 1) / 39;
            double deviation = Math.Sqrt(mean * (1 - (mean / 4000)));
            Assert.All(counts.Where((_, c) => c != 5), count => Assert.InRange(count, mean - (5 * deviation), mean + (5 * deviation)));
        }
    }

    [Fact]
    public void TheSampleFollowsFromSeedAndStep()
    {
        using DisposeScope scope = NewDisposeScope();
        using SampledCentres a = new(200, 2, 3, 0.2);
        using SampledCentres b = new(200, 2, 3, 0.2);
        Tensor labels = tensor(new long[] { 1 });
        a.TakePart(labels);
        long[] first = [.. a.LastClasses];
        a.TakePart(labels);
        long[] second = [.. a.LastClasses];
        Assert.NotEqual(first, second);
        b.TakePart(labels);
        Assert.Equal(first, b.LastClasses);
        b.TakePart(labels);
        Assert.Equal(second, b.LastClasses);
    }

    [Fact]
    public void RowsThatTakeNoPartStayAsTheyAre()
    {
        using DisposeScope scope = NewDisposeScope();
        using SampledCentres centres = new(50, 3, 3, 0.2);
        double[] before = Gradients.Of(centres.Weight);
        HashSet<long> touched = [];
        for (int step = 0; step < 3; step++)
        {
            CentreRows rows = centres.TakePart(tensor(new long[] { 1, 2 }));
            rows.Weight.square().sum().backward();
            touched.UnionWith(centres.LastClasses);
            centres.Update(new SgdStep(0.1, 0.9, false, 0.01));
        }

        double[] after = Gradients.Of(centres.Weight);
        Assert.NotEqual(50, touched.Count);
        for (int c = 0; c < 50; c++)
        {
            Assert.Equal(!touched.Contains(c), Enumerable.Range(0, 3).All(d => before[(c * 3) + d] == after[(c * 3) + d]));
        }
    }

    [Fact]
    public void AllTakePartOutsideTraining()
    {
        using DisposeScope scope = NewDisposeScope();
        using SampledCentres centres = new(50, 3, 3, 0.2);
        centres.eval();
        Tensor labels = tensor(new long[] { 49 });
        CentreRows rows = centres.TakePart(labels);
        Assert.Equal(50, rows.Weight.shape[0]);
        Assert.Equal(49, rows.Targets.item<long>());
    }

    [Fact]
    public void GivenClassesMustHoldTheLabels()
    {
        using DisposeScope scope = NewDisposeScope();
        using SampledCentres centres = new(50, 3, 3, 0.2);
        centres.Choose([1, 4, 9]);
        Assert.Throws<ArgumentException>(() => centres.TakePart(tensor(new long[] { 2 })));
        centres.Choose([1, 4, 9]);
        Assert.Equal([2L, 0], centres.TakePart(tensor(new long[] { 9, 1 })).Targets.data<long>().ToArray());
    }
}
