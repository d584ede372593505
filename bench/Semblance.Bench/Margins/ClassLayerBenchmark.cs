using System.Diagnostics;
using System.Globalization;
using Semblance.Training.Native;
using Semblance.Training.Objectives;
using Semblance.Training.Optimisation;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Bench.Margins;

/// <summary>
/// A step of ArcFace with each class layer at batch 64 × 512: forward, backward, clipping of the norm, update. Time in turns in one run; with
/// "memory LAYER" the rise of the process's peak over the weights, which takes a process of its own. Arguments: rounds (default 10), classes
/// (default 100,000).
/// </summary>
internal static class ClassLayerBenchmark
{
    private const int Batch = 64;
    private const int Dimension = 512;
    private static readonly string[] Layers = ["dense", "closed-form", "sampled"];

    public static void Run(string[] args)
    {
        NativeRuntime.Configure(2);
        if (args is ["memory", string one, ..])
        {
            Memory(one, args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 100_000);
            return;
        }

        int rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
        int classes = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 100_000;
        Head[] heads = [.. Layers.Select(layer => new Head(layer, classes))];
        double[][] times = [.. heads.Select(_ => new double[rounds])];
        for (int round = -2; round < rounds; round++)
        {
            for (int i = 0; i < heads.Length; i++)
            {
                long started = Stopwatch.GetTimestamp();
                heads[i].Step();
                if (round >= 0)
                {
                    times[i][round] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                }
            }
        }

        Console.WriteLine($"arcface, batch {Batch} × {Dimension}, {classes} classes, {get_num_threads()} threads, medians of {rounds} rounds");
        for (int i = 0; i < heads.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Layers[i],-12} {Median.Of(times[i]),7:F1} ms = {Median.Of(times[i].Zip(times[0], (a, b) => a / b)):F2} × dense"));
            heads[i].Dispose();
        }
    }

    private static void Memory(string layer, int classes)
    {
        using var head = new Head(layer, classes);
        long before = NativeRuntime.ResidentBytes();
        for (int step = 0; step < 5; step++)
        {
            head.Step();
        }

        string peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        long bytes = long.Parse(peak.Split(':')[1].Trim().Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{layer}: {before / 1048576} MiB before the first step, peak {bytes / 1048576} MiB after five; W is {(long)classes * Dimension * 4 / 1048576} MiB"));
    }

    private sealed class Head : IDisposable
    {
        private readonly MarginSoftmaxObjective _objective;
        private readonly MomentumSgd _optimizer;
        private readonly Tensor _embeddings;
        private readonly Tensor _labels;

        public Head(string layer, int classes)
        {
            Dictionary<string, object?> parameters = new() { ["class_layer"] = layer };
            _objective = (MarginSoftmaxObjective)ObjectiveRegistry.Create("arcface", parameters, new ObjectiveContext(classes, Dimension, 1));
            _optimizer = new MomentumSgd(
                WeightDecayGroups.Split(_objective, "objective.", 1, 5e-4, false), selfUpdating: SelfUpdatingPart.Of(_objective, 1, 5e-4));
            using Generator generator = new(1);
            _embeddings = randn([Batch, Dimension], ScalarType.Float32, generator: generator).requires_grad_();
            _labels = randint(0, classes, [Batch], ScalarType.Int64, generator: generator);
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            _objective.Dispose();
        }

        public void Step()
        {
            using DisposeScope scope = NewDisposeScope();
            _embeddings.grad?.Dispose();
            _embeddings.grad = null;
            _objective.Evaluate(_embeddings, _labels).Loss.backward();
            _ = GradientNorm.Clip(_optimizer, 5);
            _optimizer.Step(0.01);
            _optimizer.ClearGradients();
        }
    }
}
