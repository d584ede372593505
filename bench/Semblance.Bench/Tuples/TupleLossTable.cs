using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Semblance.Training.Native;
using Semblance.Training.Objectives;
using static TorchSharp.torch;

namespace Semblance.Bench.Tuples;

/// <summary>The same as <see cref="TupleBenchmark"/> by BenchmarkDotNet, with the three products as the baseline of each loss.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByParams)]
public class TupleLossTable
{
    private Tensor _embeddings = null!;
    private Tensor _labels = null!;
    private TupleCase _case = null!;
    private Objective _objective = null!;

    /// <summary>The losses.</summary>
    public static IEnumerable<string> Losses => TupleCase.All.Select(c => c.Name);

    /// <summary>The loss that is measured.</summary>
    [ParamsSource(nameof(Losses))]
    public string Loss { get; set; } = "";

    /// <summary>Prints the table.</summary>
    /// <param name="args">BenchmarkDotNet's own arguments, for example --filter.</param>
    public static void Run(string[] args)
    {
        // In this process: the allocator and the number of threads are settings of the process.
        NativeRuntime.Configure(2);
        IConfig config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithIterationCount(15).WithToolchain(InProcessNoEmitToolchain.Instance));
        BenchmarkRunner.Run<TupleLossTable>(config, args);
    }

    /// <summary>Draws the batch.</summary>
    [GlobalSetup]
    public void Setup()
    {
        (_embeddings, _labels) = TupleCase.Inputs();
        _case = TupleCase.All.First(c => c.Name == Loss);
        _objective = _case.Create();
    }

    /// <summary>Gives it back.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _objective.Dispose();
        _embeddings.Dispose();
        _labels.Dispose();
    }

    /// <summary>What any method must pay.</summary>
    [Benchmark(Baseline = true)]
    public void ThreeProducts() => PlainTuples.ThreeProducts(_embeddings);

    /// <summary>The library's loss, forward and backward.</summary>
    [Benchmark]
    public void Ours() => TupleCase.Step(_objective, _embeddings, _labels);

    /// <summary>The composition of tensor operations, forward and backward.</summary>
    [Benchmark]
    public void Plain() => _case.PlainStep(_embeddings, _labels);
}
