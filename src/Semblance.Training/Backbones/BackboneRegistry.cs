namespace Semblance.Training.Backbones;

/// <summary>The backbones by name.</summary>
public static class BackboneRegistry
{
    private const int MaxEmbeddingSize = 4096;

    private static readonly int[] s_inputSizes = [64, 112];

    /// <summary>Every registered name.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["iresnet18", "iresnet34", "iresnet50", "iresnet100", "mobilefacenet", "mobilefacenet-x2", "inception-resnet-v1", "smallresnet"];

    /// <summary>Creates a backbone with random weights, drawn from torch's global generator: seed it first for repeatable weights.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="embeddingSize">Dimension of the embedding, 1 to 4,096 (published: 128 and 512).</param>
    /// <param name="inputSize">112 or 64 pixels.</param>
    /// <param name="dropout">Probability of dropping a feature before the last linear layer, in [0, 1); 0.4 in some ArcFace recipes, 0.6 in facenet-pytorch. MobileFaceNet has none.</param>
    /// <exception cref="UsageException">The name is unknown or a value out of range.</exception>
    public static Backbone Create(string name, int embeddingSize, int inputSize, double dropout = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Names.Contains(name))
        {
            throw new UsageException($"backbone '{name}' is unknown: {NameSuggestion.Sentence(name, Names)}");
        }

        if (embeddingSize is < 1 or > MaxEmbeddingSize)
        {
            throw new UsageException($"embedding size is {embeddingSize}; expected 1 to {MaxEmbeddingSize}.");
        }

        if (!s_inputSizes.Contains(inputSize))
        {
            throw new UsageException($"input size is {inputSize}; backbones take {string.Join(" or ", s_inputSizes)} pixels.");
        }

        if (!(dropout is >= 0 and < 1))
        {
            throw new UsageException(FormattableString.Invariant($"dropout is {dropout}; expected a probability from 0 to below 1."));
        }

        if (dropout > 0 && name.StartsWith("mobilefacenet", StringComparison.Ordinal))
        {
            throw new UsageException(FormattableString.Invariant($"dropout is {dropout}, but {name} has no dropout layer; set it to 0 or choose another backbone."));
        }

        return name switch
        {
            "iresnet18" => new IResNet(name, [2, 2, 2, 2], embeddingSize, inputSize, dropout),
            "iresnet34" => new IResNet(name, [3, 4, 6, 3], embeddingSize, inputSize, dropout),
            "iresnet50" => new IResNet(name, [3, 4, 14, 3], embeddingSize, inputSize, dropout),
            "iresnet100" => new IResNet(name, [3, 13, 30, 3], embeddingSize, inputSize, dropout),
            "mobilefacenet" => new MobileFaceNet(name, 1, embeddingSize, inputSize),
            "mobilefacenet-x2" => new MobileFaceNet(name, 2, embeddingSize, inputSize),
            "inception-resnet-v1" => new InceptionResNetV1(name, embeddingSize, inputSize, dropout),
            _ => new SmallResNet(name, embeddingSize, inputSize, dropout),
        };
    }
}
