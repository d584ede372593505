using Semblance.Training.Configuration;
using Semblance.Training.Objectives;
using Semblance.Training.Sampling;

namespace Semblance.Training.Tests.Configuration;

/// <summary>Configs in the documentation, and whether they would run.</summary>
internal static class Recipes
{
    /// <summary>A folder of the documentation.</summary>
    public static string Docs(string name)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "docs", name);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException($"docs/{name} was not found above the test's folder");
    }

    /// <summary>Reads YAML as the config file that it would be.</summary>
    public static TrainingConfig Parse(string yaml)
    {
        string path = Path.Combine(Path.GetTempPath(), $"semblance-{Guid.NewGuid():N}.yaml");
        try
        {
            File.WriteAllText(path, yaml);
            return TrainingConfigFile.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Makes the objective and the sampler of each stage, over a small long tail.</summary>
    public static void AssertStagesCanBeMade(TrainingConfig config)
    {
        int[] labels = [.. Enumerable.Range(0, 40).SelectMany(identity => Enumerable.Repeat(identity, 2 + identity))];
        foreach (StageConfig stage in config.Stages)
        {
            using Objective objective = ObjectiveRegistry.Create(
                stage.Loss, stage.LossParameters, new ObjectiveContext(40, config.EmbeddingSize, 1) { SampleCount = labels.Length, Labels = labels });
            var context = new SamplerContext(labels, stage.Batch, 1)
            {
                ImagesPerIdentity = stage.ImagesPerIdentity,
                ComparesPhotos = ObjectiveRegistry.NeedsIdentityBatches(stage.Loss, stage.LossParameters),
            };
            Assert.True(SamplerRegistry.Create(stage.Sampler.Name, stage.Sampler.Parameters, context).BatchesPerEpoch >= 1);
        }
    }
}
