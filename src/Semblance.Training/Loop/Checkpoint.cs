using System.Text.Json;
using Semblance.IO;
using Semblance.Training.Objectives;
using Semblance.Training.Optimisation;
using Semblance.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Loop;

/// <summary>
/// The complete state of a run in one file that is either whole or not there: weights, objective, optimiser, weight average, random
/// state, and the position. A run resumed from it makes the very steps of one that was never stopped.
/// </summary>
internal static class Checkpoint
{
    private const string PositionKey = "semblance.position";
    private const string OptimizerStepsKey = "semblance.optimizer_steps";
    private const string WatchKey = "semblance.watch";
    private const string BackbonePrefix = "backbone.";
    private const string ObjectivePrefix = "objective.";
    private const string OptimizerPrefix = "optimizer.";
    private const string AveragePrefix = "average.";
    private const string RandomState = "random_state";
    private const string Plan = "sampler.plan";

    public static void Save(string path, nn.Module backbone, Objective objective, GradientOptimizer optimizer, WeightAverage? average, TrainingPosition position, string watch)
    {
        using DisposeScope scope = NewDisposeScope();
        var tensors = new List<KeyValuePair<string, Tensor>>();
        Add(BackbonePrefix, backbone.state_dict());
        Add(ObjectivePrefix, objective.state_dict());
        Add(OptimizerPrefix, optimizer.State);
        Add(AveragePrefix, average?.Tensors ?? new Dictionary<string, Tensor>());
        tensors.Add(new(RandomState, get_rng_state()));
        if (position.Plan.Count > 0)
        {
            tensors.Add(new(Plan, tensor(position.Plan.ToArray())));
        }

        var metadata = new Dictionary<string, string>
        {
            [PositionKey] = JsonSerializer.Serialize(position),
            [OptimizerStepsKey] = JsonSerializer.Serialize(optimizer.Steps),
            [WatchKey] = watch,
        };
        AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, tensors, metadata));

        void Add(string prefix, IEnumerable<KeyValuePair<string, Tensor>> from) =>
            tensors.AddRange(from.Select(pair => new KeyValuePair<string, Tensor>(prefix + pair.Key, pair.Value)));
    }

    /// <summary>Reads a checkpoint; the caller disposes of it.</summary>
    public static LoadedCheckpoint Load(string path)
    {
        SafetensorsContent content = SafetensorsFile.Read(path);
        try
        {
            if (!content.Metadata.TryGetValue(PositionKey, out string? position) || !content.Metadata.TryGetValue(OptimizerStepsKey, out string? steps))
            {
                throw new SemblanceException($"{path}: is no checkpoint of a training run; its metadata has no '{PositionKey}'.");
            }

            return new LoadedCheckpoint(path, content, Position(position, content), JsonSerializer.Deserialize<long>(steps));
        }
        catch (JsonException e)
        {
            content.Dispose();
            throw new SemblanceException($"{path}: the checkpoint's position cannot be read: {e.Message}", e);
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    private static TrainingPosition Position(string json, SafetensorsContent content)
    {
        TrainingPosition position = JsonSerializer.Deserialize<TrainingPosition>(json)!;
        return content.Tensors.TryGetValue(Plan, out Tensor? plan) ? position with { Plan = plan.data<int>().ToArray() } : position;
    }

    /// <summary>A checkpoint that was read.</summary>
    internal sealed record LoadedCheckpoint(string Path, SafetensorsContent Content, TrainingPosition Position, long OptimizerSteps) : IDisposable
    {
        public void Restore(nn.Module backbone, Objective objective, GradientOptimizer optimizer, WeightAverage? average)
        {
            Copy(BackbonePrefix, backbone);
            Copy(ObjectivePrefix, objective);
            optimizer.Restore(OptimizerSteps, Under(OptimizerPrefix));
            average?.Restore(Under(AveragePrefix));
            set_rng_state(Content.Tensors[RandomState]);
        }

        /// <summary>The state of the watch over the stage, or null in a checkpoint of before there was one.</summary>
        public string? Watch => Content.Metadata.GetValueOrDefault(WatchKey);

        public void Dispose() => Content.Dispose();

        private Dictionary<string, Tensor> Under(string prefix) =>
            Content.Tensors.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);

        private void Copy(string prefix, nn.Module module)
        {
            using IDisposable guard = no_grad();
            foreach ((string name, Tensor target) in module.state_dict())
            {
                if (!Content.Tensors.TryGetValue(prefix + name, out Tensor? saved) || !saved.shape.SequenceEqual(target.shape))
                {
                    throw new SemblanceException($"{Path}: has no '{prefix}{name}' of the right shape; the run's config has changed: start a new run.");
                }

                _ = target.copy_(saved);
            }
        }
    }
}
