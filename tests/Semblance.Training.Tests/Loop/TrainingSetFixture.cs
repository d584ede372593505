using Semblance.Data.Synthesis;
using Semblance.Training.Configuration;

namespace Semblance.Training.Tests.Loop;

/// <summary>A small synthetic training set on disk, shared by the tests of the loop.</summary>
public sealed class TrainingSetFixture : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("semblance-loop-").FullName;

    public TrainingSetFixture()
    {
        Data = Path.Combine(_root, "faces");
        new SyntheticFaces(new SyntheticFaceOptions { Identities = 8, ImagesPerIdentity = 8, Size = 64, Seed = 5 }).WriteFolder(Data);
    }

    public string Data { get; }

    public string NewRun() => Path.Combine(_root, Guid.NewGuid().ToString("N"));

    /// <summary>A config that trains in seconds: the small backbone, 4 batches an epoch.</summary>
    public TrainingConfig Config(params StageConfig[] stages) => new()
    {
        Data = Data,
        InputSize = 64,
        EmbeddingSize = 32,
        Dropout = 0.1,
        CheckpointEverySteps = 3,
        Ema = 0.9,
        Stages = stages.Length > 0 ? stages : [new StageConfig { Loss = "arcface", Epochs = 2, Batch = 16 }],
    };

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
