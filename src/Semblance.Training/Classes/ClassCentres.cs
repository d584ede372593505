using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Classes;

/// <summary>
/// Who owns the class centres and which of them take part in a step: all of them (<see cref="DenseCentres"/>), or a sample or a shard.
/// </summary>
public abstract class ClassCentres : nn.Module
{
    /// <summary>Creates the module.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <param name="embeddingSize">Dimension of a centre, at least 1.</param>
    protected ClassCentres(string name, int classCount, int embeddingSize)
        : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(embeddingSize, 1);
        (ClassCount, EmbeddingSize) = (classCount, embeddingSize);
    }

    /// <summary>Number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>Dimension of a centre.</summary>
    public int EmbeddingSize { get; }

    /// <summary>The dtype in which centres are kept, which is the one that logits are computed in.</summary>
    public abstract ScalarType Dtype { get; }

    /// <summary>The centres that take part in a step, always with those of the labels among them.</summary>
    /// <param name="labels">[batch] int64 in [0, <see cref="ClassCount"/>).</param>
    /// <returns>The rows; their tensors must not be disposed by the caller.</returns>
    public abstract CentreRows TakePart(Tensor labels);

    /// <summary>Whether <see cref="Receive"/> needs the products beside the gradient.</summary>
    internal virtual bool NeedsProducts => false;

    /// <summary>Hands the gradient to a layer that is not in the graph and updates itself; the others have no use for it.</summary>
    internal virtual Tensor? Receive(Tensor embeddings, Tensor products, Tensor gradient, double factor, Tensor? inverseNorms) => null;
}

/// <summary>The centres that take part in a step.</summary>
/// <param name="Weight">[rows × dim], not normalised, attached to the graph; [rows·K × dim] with K sub-centres, those of a row together.</param>
/// <param name="Bias">[rows], or null for layers without one.</param>
/// <param name="Targets">[batch] int64: for each sample the row of its own class.</param>
public readonly record struct CentreRows(Tensor Weight, Tensor? Bias, Tensor Targets)
{
    /// <summary>K: how many centres a class has, of which the nearest counts.</summary>
    public int SubCentres { get; init; } = 1;

    /// <summary>[rows]: 1/‖W‖ outside the graph, by which products are multiplied where centres are to be normalised; null where the rows themselves are to be.</summary>
    public Tensor? InverseNorms { get; init; }
}
