using System.Globalization;
using Semblance.Training.Objectives;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>What β of the margin loss is learned for.</summary>
public enum BoundaryScope
{
    /// <summary>One for all, not learned.</summary>
    Fixed,

    /// <summary>One for all.</summary>
    Global,

    /// <summary>One for each identity.</summary>
    Class,

    /// <summary>One for each photo.</summary>
    Sample,

    /// <summary>The sum of one for all, one for each identity and one for each photo (Wu et al. 2017, §4.2).</summary>
    Sum,
}

/// <summary>β of the margin loss: the distance on whose near side a pair is taken for the same person, as a constant or learned.</summary>
public sealed class LearnedBoundary : nn.Module
{
    private readonly int _classes;
    private readonly int _samples;
    // Named as a checkpoint holds them.
    private readonly Parameter? global;
    private readonly Parameter? classes;
    private readonly Parameter? samples;
    private readonly double? _constant;

    /// <summary>Creates the boundary.</summary>
    /// <param name="initial">β at the start, above 0.</param>
    /// <param name="scope">What it is learned for.</param>
    /// <param name="classCount">Number of identities, where there is a β for each.</param>
    /// <param name="sampleCount">Number of photos, where there is a β for each.</param>
    /// <exception cref="UsageException">A β for each photo is asked for and their number is not known.</exception>
    public LearnedBoundary(double initial, BoundaryScope scope, int classCount, int sampleCount)
        : base("boundary")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(initial);
        if (scope is BoundaryScope.Sample or BoundaryScope.Sum && sampleCount <= 0)
        {
            throw new UsageException("A β for each photo needs the number of photos, which is not known here; take 'beta_scope: class' or 'global'.");
        }

        (Scope, _classes, _samples) = (scope, classCount, sampleCount);
        // In the sum the common part starts at β and the others are what an identity or a photo differs by.
        double others = scope == BoundaryScope.Sum ? 0 : initial;
        _constant = scope == BoundaryScope.Fixed ? initial : null;
        global = scope is BoundaryScope.Global or BoundaryScope.Sum ? Filled(1, initial) : null;
        classes = scope is BoundaryScope.Class or BoundaryScope.Sum ? Filled(classCount, others) : null;
        samples = scope is BoundaryScope.Sample or BoundaryScope.Sum ? Filled(sampleCount, others) : null;
        RegisterComponents();
    }

    /// <summary>What it is learned for.</summary>
    public BoundaryScope Scope { get; }

    /// <summary>[1], [classes] or [photos]: what is learned; of a sum the common part; null where β is fixed.</summary>
    public Parameter? Values => global ?? classes ?? samples;

    /// <summary>β of each anchor.</summary>
    /// <param name="batch">The batch.</param>
    /// <returns>[anchors], attached to the graph, in the dtype of the distances; owned by the caller's dispose scope.</returns>
    /// <exception cref="SemblanceException">A label or a photo is out of range, or photos are not known.</exception>
    public Tensor Of(TupleBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using DisposeScope scope = NewDisposeScope();
        Tensor? sum = _constant is { } value ? full(batch.Labels.shape[0], value, batch.Distances.Values.dtype) : global?.expand(batch.Labels.shape[0]);
        if (classes is not null)
        {
            BatchShape.Check(batch.Distances.Anchors, batch.Labels, classCount: _classes);
            Tensor own = classes.index_select(0, batch.Labels);
            sum = sum is null ? own : sum + own;
        }

        if (samples is not null)
        {
            Tensor own = samples.index_select(0, Photos(batch));
            sum = sum is null ? own : sum + own;
        }

        return sum!.to_type(batch.Distances.Values.dtype).alias().MoveToOuterDisposeScope();
    }

    private Tensor Photos(TupleBatch batch)
    {
        Tensor photos = batch.Samples ?? throw new SemblanceException(
            "The margin loss keeps a β for each photo, and the batch does not say which photos it holds; take 'beta_scope: class' or 'global'.");
        if (photos.shape[0] > 0 && (photos.min().item<long>() is var low & photos.max().item<long>() is var high) && (low < 0 || high >= _samples))
        {
            throw new SemblanceException(string.Create(
                CultureInfo.InvariantCulture,
                $"The batch holds photo {(low < 0 ? low : high)}; the margin loss was set up for photos 0 to {_samples - 1}."));
        }

        return photos;
    }

    private static Parameter Filled(int count, double value) => nn.Parameter(full(count, value, ScalarType.Float32));
}
