using System.Diagnostics;
using System.Globalization;
using Semblance.Training.Native;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Bench.Tuples;

/// <summary>
/// Losses over tuples at batch 1,024 × 512 (128 identities × 8), forward and backward: medians as multiples of three matrix products of
/// that size, timed in turns in the same run, beside the plain composition of tensor operations. Arguments: "cpu" for processor time at one thread
/// instead of wall time at two, rounds (default 15), names of cases. With "memory NAME [plain]" it says how far the process's peak rose over the inputs, which takes a process of its own; with "growth" what steps leave behind.
/// </summary>
internal static class TupleBenchmark
{
    public static void Run(string[] args)
    {
        // On a machine that others use too, wall time says little: "cpu" counts the processor time of one thread.
        bool cpu = args is ["cpu", ..];
        NativeRuntime.Configure(cpu || args is ["growth", ..] ? 1 : 2);
        args = cpu ? args[1..] : args;
        if (args is ["memory", ..])
        {
            Memory(args[1], plain: args.Length > 2);
            return;
        }

        if (args is ["growth", ..])
        {
            Growth();
            return;
        }

        int rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 15;
        (Tensor embeddings, Tensor labels) = TupleCase.Inputs();
        Console.WriteLine($"batch {TupleCase.Batch} × {TupleCase.Dimension}, {TupleCase.Identities} identities, float32, {get_num_threads()} threads, {rounds} rounds{(cpu ? ", processor time" : "")}");
        foreach (TupleCase one in TupleCase.All.Where(c => args.Length < 2 || args.Contains(c.Name)))
        {
            using Objective objective = one.Create();
            List<double> products = [];
            List<double> ours = [];
            List<double> plain = [];
            for (int round = -3; round < rounds; round++)
            {
                double p = Milliseconds(cpu, () => PlainTuples.ThreeProducts(embeddings));
                double o = Milliseconds(cpu, () => TupleCase.Step(objective, embeddings, labels));
                double c = Milliseconds(cpu, () => one.PlainStep(embeddings, labels));
                if (round >= 0)
                {
                    products.Add(p);
                    ours.Add(o);
                    plain.Add(c);
                }
            }

            (double unit, double mine, double composed) = (Median.Of(products), Median.Of(ours), Median.Of(plain));
            string least = string.Create(CultureInfo.InvariantCulture, $"{ours.Min() / products.Min():F2} × and {plain.Min() / products.Min():F2} ×");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{one.Name,-26} three products {unit,6:F1} ms   ours {mine,6:F1} ms = {mine / unit:F2} × (bar {one.Bar:F0})   plain {composed,6:F1} ms = {composed / unit:F2} ×   gain {composed / mine:F2} ×   fastest rounds {least}"));
        }
    }

    private static double Milliseconds(bool cpu, Action action)
    {
        if (cpu)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            action();
            return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
        }

        long started = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static void Memory(string name, bool plain)
    {
        TupleCase one = TupleCase.All.First(c => c.Name == name);
        (Tensor embeddings, Tensor labels) = TupleCase.Inputs();
        using Objective objective = one.Create();
        // The products' own buffers and libtorch's code are there before the loss is.
        PlainTuples.ThreeProducts(embeddings);
        (embeddings * 1).sum().backward();
        double before = Peak();
        for (int i = 0; i < 5; i++)
        {
            if (plain)
            {
                one.PlainStep(embeddings, labels);
            }
            else
            {
                TupleCase.Step(objective, embeddings, labels);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}{(plain ? ", plain" : "")}: peak {Peak() - before:F0} MB over the inputs"));
    }

    /// <summary>Many small steps: a leak of some bytes in each shows as resident size.</summary>
    private static void Growth()
    {
        const int Steps = 5000;
        foreach (TupleCase one in TupleCase.All)
        {
            using Objective objective = ObjectiveRegistry.Create(one.Loss, one.Parameters, new ObjectiveContext(8, 16, 1));
            using DisposeScope scope = NewDisposeScope();
            Tensor embeddings = randn(32, 16).requires_grad_();
            Tensor labels = arange(32, ScalarType.Int64).remainder(8);
            double before = 0;
            for (int step = -1000; step < Steps; step++)
            {
                before = step == 0 ? Status("VmRSS") : before;
                TupleCase.Step(objective, embeddings, labels);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{one.Name,-26} {(Status("VmRSS") - before) * 1024 / Steps:F2} kB a step over {Steps} steps, {Tensor.TotalCount} tensors alive"));
        }
    }

    /// <summary>The process's largest resident size so far, in MB.</summary>
    private static double Peak() => Status("VmHWM");

    private static double Status(string field)
    {
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return double.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) / 1024;
    }
}
