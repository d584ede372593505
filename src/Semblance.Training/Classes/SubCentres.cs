using Semblance.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Classes;

/// <summary>
/// K centres for each class, of which the nearest to an embedding counts, all taking part in every step (Deng et al. 2020, "Sub-center
/// ArcFace: Boosting Face Recognition by Large-Scale Noisy Web Faces", eq. 4). Mislabelled or odd photos gather round the lesser ones.
/// </summary>
public sealed class SubCentres : ClassCentres
{
    /// <summary>The paper's K.</summary>
    public const int DefaultPerClass = 3;

    private const ulong WeightPurpose = 0x73756263656E74;

    // The name is that under which a checkpoint holds the tensor.
    private readonly Parameter weight;

    /// <summary>Creates centres drawn as <see cref="DenseCentres"/> draws them.</summary>
    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <param name="perClass">K, at least 1.</param>
    /// <param name="embeddingSize">Dimension of a centre, at least 1.</param>
    /// <param name="seed">The same seed gives the same centres.</param>
    public SubCentres(int classCount, int perClass, int embeddingSize, ulong seed)
        : base("centres", classCount, embeddingSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perClass, 1);
        PerClass = perClass;
        using Generator generator = new(new CountedRandom(seed, WeightPurpose).NextUInt64());
        using Tensor drawn = randn([(long)classCount * perClass, embeddingSize], ScalarType.Float32, generator: generator)
            * DenseCentres.InitialDeviation;
        weight = nn.Parameter(drawn.clone());
        RegisterComponents();
    }

    /// <summary>K.</summary>
    public int PerClass { get; }

    /// <summary>[classes·K × dim]: row c·K + j is sub-centre j of class c.</summary>
    public Parameter Weight => weight;

    /// <inheritdoc/>
    public override ScalarType Dtype => weight.dtype;

    /// <inheritdoc/>
    public override CentreRows TakePart(Tensor labels) => new(weight, null, labels) { SubCentres = PerClass };
}
