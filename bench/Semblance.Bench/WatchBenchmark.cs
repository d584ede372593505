using System.Diagnostics;
using System.Globalization;
using Semblance.Data;
using Semblance.Training.Backbones;
using Semblance.Training.Configuration;
using Semblance.Training.Loop;
using Semblance.Training.Loop.Watching;
using Semblance.Training.Native;
using Semblance.Training.Objectives;
using Semblance.Training.Optimisation;

namespace Semblance.Bench;

/// <summary>
/// What the watch over training costs: blocks of steps with and without it, in turns, on one batch that lies in memory, in processor time,
/// which other processes disturb less than the clock. Arguments: pairs of blocks (default 10), then key=value pairs of the config.
/// </summary>
internal static class WatchBenchmark
{
    private const int StepsOfBlock = 20;
    private const int Classes = 100;

    public static void Run(string[] args)
    {
        int pairs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
        TrainingConfig config = TrainingConfigFile.Read(null, new TrainingOverrides { InputSize = 64, EmbeddingSize = 128, Batch = 64, Set = [.. args.Skip(1)] });
        NativeRuntime.Configure(config.Threads);
        StageConfig stage = config.Stages[0];
        using Backbone backbone = BackboneRegistry.Create(config.Backbone, config.EmbeddingSize, config.InputSize);
        ChannelsLast.Apply(backbone);
        using Objective objective = ObjectiveRegistry.Create(stage.Loss, stage.LossParameters, new ObjectiveContext(Classes, config.EmbeddingSize, 1));
        using var optimizer = new MomentumSgd(
        [
            .. WeightDecayGroups.Split(backbone, "backbone.", 1, stage.WeightDecay, false),
            .. WeightDecayGroups.Split(objective, "objective.", 1, stage.WeightDecay, false),
        ]);
        using var step = new TrainingStep(backbone, objective, optimizer, stage, config.Precision, config.InputSize);
        var schedule = new LearningRateSchedule { Rate = 1e-4, TotalSteps = 10_000 };
        var watch = new StageWatch(StageFacts.Of(stage, objective, schedule, marginWarmUpSteps: 0, Classes));
        float[] pixels = new float[stage.Batch * 3 * config.InputSize * config.InputSize];
        var random = new Numerics.CountedRandom(1);
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (float)random.NextDouble(-1, 1);
        }

        long[] labels = [.. Enumerable.Range(0, stage.Batch).Select(i => (long)(i % Classes))];
        using var batch = new FaceBatch(pixels, labels, [.. Enumerable.Range(0, stage.Batch)]);
        long made = 0;
        _ = Block(watched: true);
        _ = Block(watched: false);
        var ratios = new List<double>();
        for (int pair = 0; pair < pairs; pair++)
        {
            // Which comes first takes turns, so that a drift of the machine falls on both.
            double first = Block(watched: pair % 2 == 0);
            double second = Block(watched: pair % 2 != 0);
            ratios.Add(pair % 2 == 0 ? first / second : second / first);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"watched against bare, {config.Backbone} {config.InputSize} px, batch {stage.Batch}, {stage.Loss}, clip_norm {stage.ClipNorm}: median of {pairs} ratios {Median.Of(ratios):F4} (from {ratios.Min():F4} to {ratios.Max():F4})"));

        double Block(bool watched)
        {
            TimeSpan began = Process.GetCurrentProcess().TotalProcessorTime;
            for (int i = 0; i < StepsOfBlock; i++, made++)
            {
                StepOutcome outcome = step.Run(batch, 1e-4, made, watched ? StageWatch.Wanted(made) : StepMeasures.None);
                if (watched)
                {
                    _ = watch.Add(made, outcome, 1e-4, 1, labels);
                }
            }

            return (Process.GetCurrentProcess().TotalProcessorTime - began).TotalSeconds;
        }
    }
}
