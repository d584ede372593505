using System.Diagnostics;
using System.Globalization;
using Semblance.Data;
using Semblance.Data.Synthesis;
using Semblance.Training.Backbones;
using Semblance.Training.Configuration;
using Semblance.Training.Loop;
using Semblance.Training.Loop.Watching;
using Semblance.Training.Native;
using Semblance.Training.Objectives;
using Semblance.Training.Optimisation;

namespace Semblance.Bench;

/// <summary>
/// The training loop (loading and augmentation included) against the bare step: forward, loss, backward and update on one batch that
/// lies in memory. Arguments: rounds (default 3), precision (default bfloat16), then key=value pairs of the config.
/// </summary>
internal static class LoopBenchmark
{
    private const int StepsPerRound = 100;

    public static void Run(string[] args)
    {
        int rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
        string precision = args.Length > 1 ? args[1] : "bfloat16";
        string root = Directory.CreateTempSubdirectory("semblance-bench-").FullName;
        try
        {
            string data = Path.Combine(root, "faces");
            new SyntheticFaces(new SyntheticFaceOptions { Identities = 100, ImagesPerIdentity = 16 }).WriteFolder(data);
            TrainingConfig config = TrainingConfigFile.Read(null, new TrainingOverrides
            {
                Data = data,
                InputSize = 64,
                EmbeddingSize = 128,
                Precision = precision,
                Epochs = StepsPerRound * 64 / 1600,
                Batch = 64,
                Set = [.. args.Skip(2)],
            });
            NativeRuntime.Configure(config.Threads);
            var bare = new List<double>();
            var loop = new List<double>();
            for (int round = 0; round < rounds; round++)
            {
                bare.Add(BareStep(config));
                TrainingSummary summary = new Trainer(config, Path.Combine(root, $"run{round}")).Run(resume: false, null, CancellationToken.None);
                loop.Add(summary.ImagesPerSecond);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"round {round + 1}: bare step {bare[^1]:F0} images/s, loop {loop[^1]:F0} images/s ({loop[^1] / bare[^1]:P0}), waited for data {summary.DataWaitShare:P1}"));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"median of {rounds} ratios, {config.Backbone} {config.InputSize} px {precision}: {Median.Of(loop.Zip(bare, (l, b) => l / b)):P1}"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static double BareStep(TrainingConfig config)
    {
        StageConfig stage = config.Stages[0];
        using Backbone backbone = BackboneRegistry.Create(config.Backbone, config.EmbeddingSize, config.InputSize);
        ChannelsLast.Apply(backbone);
        using Objective objective = ObjectiveRegistry.Create(stage.Loss, stage.LossParameters, new ObjectiveContext(100, config.EmbeddingSize, 1));
        using var optimizer = new MomentumSgd(
        [
            .. WeightDecayGroups.Split(backbone, "backbone.", 1, stage.WeightDecay, false),
            .. WeightDecayGroups.Split(objective, "objective.", 1, stage.WeightDecay, false),
        ]);
        using var step = new TrainingStep(backbone, objective, optimizer, stage, config.Precision, config.InputSize);
        float[] pixels = new float[stage.Batch * 3 * config.InputSize * config.InputSize];
        var random = new Numerics.CountedRandom(1);
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (float)random.NextDouble(-1, 1);
        }

        long[] labels = [.. Enumerable.Range(0, stage.Batch).Select(i => (long)(i % 100))];
        using var batch = new FaceBatch(pixels, labels, [.. Enumerable.Range(0, stage.Batch)]);
        long started = 0;
        const int Warmup = 5;
        for (int i = 0; i < StepsPerRound + Warmup; i++)
        {
            if (i == Warmup)
            {
                started = Stopwatch.GetTimestamp();
            }

            _ = step.Run(batch, 1e-4, i, StepMeasures.None);
        }

        return StepsPerRound * stage.Batch / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
