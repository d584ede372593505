using Semblance.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Classes;

/// <summary>All centres in one matrix, all taking part in every step: the plain choice up to some ten thousand classes.</summary>
public sealed class DenseCentres : ClassCentres
{
    /// <summary>Standard deviation of the initial weights, as in the authors' code of CosFace and ArcFace.</summary>
    public const double InitialDeviation = 0.01;

    private const ulong WeightPurpose = 0x63656E74726573;

    // The names are those under which a checkpoint holds the tensors.
    private readonly Parameter weight;
    private readonly Parameter? bias;

    /// <summary>Creates centres drawn from N(0, 0.01²), and a bias of zeros where asked for.</summary>
    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <param name="embeddingSize">Dimension of a centre, at least 1.</param>
    /// <param name="seed">The same seed gives the same centres.</param>
    /// <param name="withBias">Whether each class has a bias.</param>
    public DenseCentres(int classCount, int embeddingSize, ulong seed, bool withBias = false)
        : base("centres", classCount, embeddingSize)
    {
        using Generator generator = new(new CountedRandom(seed, WeightPurpose).NextUInt64());
        using Tensor drawn = randn([classCount, embeddingSize], ScalarType.Float32, generator: generator) * InitialDeviation;
        weight = nn.Parameter(drawn.clone());
        bias = withBias ? nn.Parameter(zeros(classCount, ScalarType.Float32)) : null;
        RegisterComponents();
    }

    /// <summary>[classes × dim]: row c is the centre of class c.</summary>
    public Parameter Weight => weight;

    /// <summary>[classes], or null.</summary>
    public Parameter? Bias => bias;

    /// <inheritdoc/>
    public override ScalarType Dtype => weight.dtype;

    /// <inheritdoc/>
    public override CentreRows TakePart(Tensor labels) => new(weight, bias, labels);
}
