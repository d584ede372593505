using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Proxies;

/// <summary>
/// A metric loss against learned proxies: photos are compared with proxies of the classes, never with each other, by cosines. Figures:
/// "accuracy" (share of samples most similar to their own class), "target_cosine" and "target_angle" (batch means; degrees).
/// </summary>
public abstract class ProxyObjective : Objective
{
    // Named as a checkpoint holds it.
    private readonly DenseCentres proxies;

    /// <summary>Creates the proxies.</summary>
    /// <param name="name">The registered name.</param>
    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <param name="perClass">Proxies of each class, at least 1; those of class c are the rows from c · perClass on.</param>
    /// <param name="embeddingSize">Dimension of a proxy, at least 1.</param>
    /// <param name="seed">The same seed gives the same proxies.</param>
    protected ProxyObjective(string name, int classCount, int perClass, int embeddingSize, ulong seed)
        : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(perClass, 1);
        (ClassCount, PerClass) = (classCount, perClass);
        proxies = new DenseCentres(checked(classCount * perClass), embeddingSize, seed);
        RegisterComponents();
    }

    /// <summary>Number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>Proxies of each class.</summary>
    public int PerClass { get; }

    /// <summary>[classes · perClass × dim], not normalised.</summary>
    public Parameter Proxies => proxies.Weight;

    /// <inheritdoc/>
    public sealed override ObjectiveValue Evaluate(Tensor embeddings, Tensor labels, Tensor? samples = null)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(labels);
        using DisposeScope scope = NewDisposeScope();
        BatchShape.Check(embeddings, labels, proxies.EmbeddingSize, ClassCount);
        Tensor raw = embeddings.to_type(proxies.Dtype);
        if (labels.shape[0] == 0)
        {
            return new ObjectiveValue(raw.sum().MoveToOuterDisposeScope(), new Dictionary<string, double>());
        }

        Tensor directions = UnitRows.Of(proxies.Weight);
        Tensor cosines = UnitRows.Of(raw).matmul(directions.t());
        (Tensor loss, Tensor similarity) = Penalty(cosines, directions, labels);
        using IDisposable noGradient = no_grad();
        Tensor own = similarity.gather(1, labels.unsqueeze(1)).squeeze(1);
        Tensor angles = CosineBound.Clamp(own).acos() * (180 / Math.PI);
        return new ObjectiveValue(loss.MoveToOuterDisposeScope(), new Dictionary<string, double>
        {
            ["accuracy"] = similarity.argmax(1).eq(labels).to_type(ScalarType.Float64).mean().item<double>(),
            ["target_cosine"] = own.to_type(ScalarType.Float64).mean().item<double>(),
            ["target_angle"] = angles.to_type(ScalarType.Float64).mean().item<double>(),
        })
        {
            TargetAngles = angles.to_type(ScalarType.Float32).data<float>().ToArray(),
        };
    }

    /// <summary>The loss.</summary>
    /// <param name="cosines">[batch × classes · perClass], attached to the graph.</param>
    /// <param name="directions">[classes · perClass × dim]: the proxies at unit length, attached to the graph.</param>
    /// <param name="labels">[batch] int64.</param>
    /// <returns>The scalar loss, and [batch × classes] cosines by which a photo's class is judged; both owned by the caller's scope.</returns>
    private protected abstract (Tensor Loss, Tensor Similarity) Penalty(Tensor cosines, Tensor directions, Tensor labels);
}
