using System.Diagnostics;
using System.Globalization;
using Semblance.Training.Native;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Bench.Margins;

/// <summary>
/// Losses over class centres from the same matrix of cosines (batch 256 × 10,000 classes), forward and backward, as multiples of plain
/// cross-entropy over that matrix, timed in turns in one run. Arguments: rounds (default 40), threads (default 2), then names of losses.
/// With "head" the class layers are measured instead: <see cref="ClassLayerBenchmark"/>.
/// </summary>
internal static class MarginBenchmark
{
    private const int Batch = 256;
    private const int Classes = 10_000;
    private const double Bar = 1.15;

    // A call is some two milliseconds: several to a round, so that a clock tick or a page fault does not decide.
    private const int CallsPerRound = 5;

    public static void Run(string[] args)
    {
        if (args is ["head", ..])
        {
            ClassLayerBenchmark.Run(args[1..]);
            return;
        }

        int rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 40;
        NativeRuntime.Configure(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 2);
        manual_seed(1);
        Tensor cosines = randn([Batch, Classes]).mul_(0.05).clamp_(-1, 1);
        Tensor labels = randint(0, Classes, [Batch], ScalarType.Int64);
        Tensor work = cosines.clone().requires_grad_();
        (string Name, Func<Tensor> Loss)[] losses =
        [
            ("cross-entropy", () => nn.functional.cross_entropy(work, labels)),
            ("cross-entropy, scaled", () => nn.functional.cross_entropy(work * 64, labels)),
            .. Names(args).Select(name => (name, Of(name, work, labels))),
        ];
        double[][] wall = [.. losses.Select(_ => new double[rounds])];
        double[][] processor = [.. losses.Select(_ => new double[rounds])];
        for (int round = -10; round < rounds; round++)
        {
            for (int i = 0; i < losses.Length; i++)
            {
                (double elapsed, double used) = Time(losses[i].Loss, work, cosines);
                if (round >= 0)
                {
                    (wall[i][round], processor[i][round]) = (elapsed, used);
                }
            }
        }

        Console.WriteLine($"batch {Batch} × {Classes} classes, float32, {get_num_threads()} threads, medians of {rounds} rounds; bar {Bar.ToString(CultureInfo.InvariantCulture)} ×");
        for (int i = 0; i < losses.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{losses[i].Name,-24} {Median.Of(wall[i]),6:F2} ms = {Ratio(wall[i], wall[0]):F2} ×   processor time {Median.Of(processor[i]),6:F2} ms = {Ratio(processor[i], processor[0]):F2} ×"));
        }
    }

    // Rounds are compared pairwise: a round on a busy machine is busy for all.
    private static double Ratio(double[] of, double[] by) => Median.Of(of.Zip(by, (a, b) => a / b));

    private static IEnumerable<string> Names(string[] args) => args.Length > 2
        ? args[2..]
        :
        [
            "softmax", "l-softmax", "sphereface", "normface", "cosface", "arcface", "sub-center-arcface", "combined-margin", "adaface", "magface", "elasticface",
            "curricularface", "mv-softmax", "adacos", "p2sgrad", "uniface", "circle-class",
        ];

    private static Func<Tensor> Of(string name, Tensor cosines, Tensor labels)
    {
        var objective = (MarginSoftmaxObjective)ObjectiveRegistry.Create(name, new Dictionary<string, object?>(), new ObjectiveContext(Classes, 16, 1));
        return () => objective.OverCosines(cosines, labels).Loss;
    }

    private static (double Wall, double Processor) Time(Func<Tensor> loss, Tensor work, Tensor cosines)
    {
        using Process process = Process.GetCurrentProcess();
        (double wall, double used) = (0, 0);
        for (int call = 0; call < CallsPerRound; call++)
        {
            using DisposeScope scope = NewDisposeScope();
            work.grad?.Dispose();
            work.grad = null;
            using (no_grad())
            {
                // The objective leaves the gradient in the place of the cosines.
                _ = work.copy_(cosines);
            }

            process.Refresh();
            double before = process.TotalProcessorTime.TotalMilliseconds;
            long started = Stopwatch.GetTimestamp();
            loss().backward();
            wall += Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            process.Refresh();
            used += process.TotalProcessorTime.TotalMilliseconds - before;
        }

        return (wall / CallsPerRound, used / CallsPerRound);
    }
}
