namespace Semblance.Cli.Demo;

/// <summary>How much a demo does. The defaults fit four minutes on two cores.</summary>
internal sealed record DemoPlan
{
    /// <summary>People to train on.</summary>
    public int TrainingIdentities { get; init; } = 400;

    /// <summary>Images of each of them.</summary>
    public int TrainingImages { get; init; } = 12;

    /// <summary>Other people, to measure on.</summary>
    public int UnseenIdentities { get; init; } = 100;

    /// <summary>Images of each of them; the first half is enrolled, the rest are probes.</summary>
    public int UnseenImages { get; init; } = 10;

    /// <summary>Folds of pairs.</summary>
    public int Folds { get; init; } = 10;

    /// <summary>Pairs of each kind in a fold.</summary>
    public int PairsPerFold { get; init; } = 300;

    /// <summary>Passes over the training images.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>Images in a step.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Width and height of images and input, in pixels.</summary>
    public int Size { get; init; } = 64;

    /// <summary>Dimension of the embedding.</summary>
    public int EmbeddingSize { get; init; } = 128;

    /// <summary>Learning rate after the warm-up.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Seed of faces, weights and order.</summary>
    public ulong Seed { get; init; } = 1;
}
