using Semblance.Data;

namespace Semblance.Training.Configuration;

/// <summary>The arithmetic of the trunk; heads, losses, batch norm and master weights are float32 always.</summary>
public enum Precision
{
    /// <summary>float32 throughout.</summary>
    Float32,

    /// <summary>Convolutions and matrix products of the trunk in bfloat16.</summary>
    Bfloat16,
}

/// <summary>Everything that decides a training run. Written resolved into the run's folder as config.yaml; keys there are these names in snake_case.</summary>
public sealed record TrainingConfig
{
    /// <summary>Folder of identities, zip archive of one, or list file.</summary>
    public string Data { get; init; } = "";

    /// <summary>A file of identity names, one a line, to leave out (those of the evaluation pairs); empty for none.</summary>
    public string ExcludeIdentities { get; init; } = "";

    /// <summary>Identities with fewer readable images are left out; at least 1.</summary>
    public int MinImages { get; init; } = 2;

    /// <summary>The backbone's registered name.</summary>
    public string Backbone { get; init; } = "smallresnet";

    /// <summary>Width and height of the input in pixels: 64 or 112.</summary>
    public int InputSize { get; init; } = 112;

    /// <summary>The landmark template that the training crops were aligned to; recorded in the model file.</summary>
    public string AlignmentTemplate { get; init; } = Imaging.PreprocessingContract.ArcFaceTemplate;

    /// <summary>Dimension of the embedding, 2…4096.</summary>
    public int EmbeddingSize { get; init; } = 512;

    /// <summary>Dropout before the final linear layer, in [0, 1).</summary>
    public double Dropout { get; init; }

    /// <summary>A run folder, a PyTorch state dict (.pth) or a safetensors file that the backbone starts from; empty for random weights.</summary>
    public string Init { get; init; } = "";

    /// <summary>Seed of weights, data order and augmentation.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The trunk's arithmetic: float32 or bfloat16.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>Threads of one tensor operation; 0 for OMP_NUM_THREADS, or all cores where that is not set.</summary>
    public int Threads { get; init; }

    /// <summary>Threads that decode and augment ahead of the step, at least 1.</summary>
    public int LoaderWorkers { get; init; } = 1;

    /// <summary>Megabytes of decoded images kept in memory; what does not fit is decoded again each time.</summary>
    public int CacheMegabytes { get; init; } = 4096;

    /// <summary>Decay of an exponential moving average of the weights, in [0, 1); the averaged weights are validated and exported. 0 for none.</summary>
    public double Ema { get; init; }

    /// <summary>Steps between checkpoints, besides the one at each epoch's end; 0 for none between.</summary>
    public int CheckpointEverySteps { get; init; } = 500;

    /// <summary>Steps between lines of the metrics file, at least 1.</summary>
    public int LogEverySteps { get; init; } = 20;

    /// <summary>A pairs file to validate on; empty for none.</summary>
    public string ValidationPairs { get; init; } = "";

    /// <summary>The images of the validation pairs; empty for the training data's folder.</summary>
    public string ValidationData { get; init; } = "";

    /// <summary>Epochs between validations, at least 1; the last epoch always validates.</summary>
    public int ValidateEveryEpochs { get; init; } = 1;

    /// <summary>What is done to each image before the network sees it.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>The stages, run in order; each starts from the trunk of the one before with a fresh objective and optimiser.</summary>
    public IReadOnlyList<StageConfig> Stages { get; init; } = [new()];

    /// <summary>The input contract that these values make.</summary>
    public Imaging.PreprocessingContract Preprocessing() => new()
    {
        Width = InputSize,
        Height = InputSize,
        AlignmentTemplate = AlignmentTemplate,
    };
}

/// <summary>The optimiser of a stage.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum.</summary>
    Sgd,

    /// <summary>Adam with decoupled weight decay.</summary>
    Adamw,
}

/// <summary>One stage of training: a loss, for some epochs, at some rate.</summary>
public sealed record StageConfig
{
    /// <summary>The loss's registered name.</summary>
    public string Loss { get; init; } = "arcface";

    /// <summary>The loss's own parameters by name, for example s and m.</summary>
    public IReadOnlyDictionary<string, object?> LossParameters { get; init; } = new Dictionary<string, object?>();

    /// <summary>Passes over the data, at least 1.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Images of a batch, at least 2. With P×K batches the batch is P·K and this gives P = batch / K.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>K, the images of each identity in a P×K batch, at least 2; 0 for the sampler's own default: plain batches, or 4 where the loss compares photos.</summary>
    public int ImagesPerIdentity { get; init; }

    /// <summary>Which images make up the batches: a sampler's name, or a mapping of name and parameters; auto for shuffle, or P×K where the loss compares photos or images_per_identity is given.</summary>
    public ComponentConfig Sampler { get; init; } = new(Sampling.SamplerRegistry.Automatic);

    /// <summary>The optimiser: sgd or adamw.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Sgd;

    /// <summary>The learning rate after the warm-up, above 0.</summary>
    public double Lr { get; init; } = 0.05;

    /// <summary>Multiplies the rate of the backbone's parameters: below 1 for fine-tuning, 0 to freeze them.</summary>
    public double BackboneLrFactor { get; init; } = 1;

    /// <summary>Multiplies the rate of the backbone's last linear layer alone, in place of backbone_lr_factor; null for that. With backbone_lr_factor 0 and this at 1, only the projection to the embedding learns.</summary>
    public double? EmbeddingLrFactor { get; init; }

    /// <summary>Multiplies the rate of the objective's own parameters (centres, β, scale).</summary>
    public double ObjectiveLrFactor { get; init; } = 1;

    /// <summary>Momentum of sgd, in [0, 1).</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Nesterov's variant of the momentum.</summary>
    public bool Nesterov { get; init; }

    /// <summary>Weight decay, at least 0.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>Also decay biases, batch-norm and PReLU parameters, as the large-scale recipe does.</summary>
    public bool DecayEverything { get; init; }

    /// <summary>Epochs of linear warm-up; may be a fraction.</summary>
    public double WarmupEpochs { get; init; } = 1;

    /// <summary>Epochs over which the loss's margin rises from 0 to its value (and tuples from semi-hard to hard); may be a fraction. 0 for the whole margin from the start.</summary>
    public double AutoWarmUp { get; init; }

    /// <summary>How the rate falls: constant, cosine, step or polynomial.</summary>
    public Optimisation.Decay Schedule { get; init; } = Optimisation.Decay.Cosine;

    /// <summary>The rate at the end of a cosine or polynomial decay, as a fraction of lr.</summary>
    public double FinalLrFraction { get; init; } = 0.001;

    /// <summary>The exponent of polynomial decay.</summary>
    public double PolynomialPower { get; init; } = 2;

    /// <summary>Fractions of the stage at which step decay multiplies the rate.</summary>
    public IReadOnlyList<double> StepsAt { get; init; } = [0.5, 0.75, 0.9];

    /// <summary>What step decay multiplies by.</summary>
    public double StepFactor { get; init; } = 0.1;

    /// <summary>The global gradient norm is clipped to this; 0 for no clipping.</summary>
    public double ClipNorm { get; init; } = 5;

    /// <summary>Whether no parameter of the backbone learns.</summary>
    internal bool BackboneIsFrozen => BackboneLrFactor == 0 && EmbeddingLrFactor is null or 0;
}
