using Semblance.Training.Centres;
using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using Semblance.Training.Proxies;
using Semblance.Training.Tuples;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Experiments;

/// <summary>
/// A registered objective among unit vectors: one in the middle, what it is drawn to at one distance, what it is driven from at another, the
/// two in directions at right angles, and whatever else there is at right angles to all of them. A loss over distances moves the middle one
/// along the lines to the others, so that each component of its gradient is the force along one pair.
/// </summary>
internal sealed class ForceScene : IDisposable
{
    private const int Classes = 3;
    private const int Dimension = 4;

    // Of the batch that the objective is shown first, in training mode, for what it takes from its first batch: DeepID2's margin, the ring's radius.
    private const double FirstOwn = 0.6;
    private const double FirstOther = 1.4;

    private readonly Objective _objective;
    private readonly nn.Module[] _parts;

    /// <summary>Creates the objective with its defaults, but for its terms being summed over the batch where it knows tuples.</summary>
    /// <param name="loss">Its registered name.</param>
    /// <exception cref="UsageException">There is none of that name, or it has a target-logit curve.</exception>
    public ForceScene(string loss)
    {
        Dictionary<string, object?> given = Sum(ObjectiveRegistry.Describe(loss));
        Summed = given.Count > 0;
        _objective = ObjectiveRegistry.Create(loss, given, new ObjectiveContext(Classes, Dimension, Seed: 1) { SampleCount = 4, Labels = [0, 0, 1, 1] });
        if (_objective is MarginSoftmaxObjective)
        {
            _objective.Dispose();
            throw new UsageException($"The loss '{loss}' bends a target logit; draw it with 'lab curves --losses {loss}'.");
        }

        _objective.to(ScalarType.Float64);
        _parts = [_objective, .. _objective.modules()];
        Begin();
    }

    /// <summary>Whether terms are summed over the batch.</summary>
    public bool Summed { get; }

    /// <summary>The kinds of force that the objective may have, the likeliest first.</summary>
    public IReadOnlyList<ForceKind> Kinds =>
        _objective is CrossBatchMemoryObjective ? [ForceKind.Memory]
        : _objective is RegularisedClassifier ? [ForceKind.ClassCentres, ForceKind.CentreLength]
        : _objective is ProxyObjective ? [ForceKind.Proxies]
        : _objective is IMemoryObjective { BoundToTheBatch: null } ? [ForceKind.Anchor, ForceKind.Photos, ForceKind.PhotoPairs]
        : _parts.Any(part => part is IMemoryObjective) ? [ForceKind.Photos, ForceKind.PhotoPairs]
        : _parts.Any(part => part is CentrePull) ? [ForceKind.OwnCentre]
        : [ForceKind.EmbeddingLength];

    /// <summary>The forces on the vector in the middle.</summary>
    /// <param name="kind">What it and the others are.</param>
    /// <param name="own">The distance of what it is drawn to, above 0 and below 2.</param>
    /// <param name="other">The distance of what it is driven from, above 0 and below 2.</param>
    /// <returns>−∂L/∂(other) and ∂L/∂(own).</returns>
    public (double Push, double Pull) Between(ForceKind kind, double own, double other)
    {
        using DisposeScope scope = NewDisposeScope();
        (double[] middle, double[] near, double[] far, double[] aside) = Place(own, other);
        double[] gradient = kind switch
        {
            ForceKind.Anchor => OnAnchor(middle, near, far),
            ForceKind.Photos => OnPhoto([middle, near, far], [0, 0, 1]),
            ForceKind.PhotoPairs => OnPhoto([middle, near, aside, far], [0, 0, 1, 1]),
            ForceKind.Memory => BesideMemory(middle, near, far),
            ForceKind.Proxies => BesideCentres(((ProxyObjective)_objective).Proxies, middle, near, far, aside),
            ForceKind.OwnCentre => BesideCentres(_parts.OfType<CentrePull>().First().Centres, middle, near, far, aside),
            _ => OnCentre([middle, far, aside]),
        };
        // ∂d/∂(angle) of a distance between unit vectors is the cosine of half the angle.
        return (gradient[2] / HalfCosine(other), -gradient[1] / HalfCosine(own));
    }

    /// <summary>The force on a length, ∂L/∂r.</summary>
    /// <param name="kind">Whose length it is.</param>
    /// <param name="length">The length, where all others have 1.</param>
    public double OnLength(ForceKind kind, double length)
    {
        using DisposeScope scope = NewDisposeScope();
        double[] middle = [length, 0, 0, 0];
        return (kind == ForceKind.EmbeddingLength ? OnPhoto([middle], [0]) : OnCentre([middle, [0, 1, 0, 0], [0, 0, 1, 0]]))[0];
    }

    /// <inheritdoc/>
    public void Dispose() => _objective.Dispose();

    // A loss within another is asked to sum as well.
    private static Dictionary<string, object?> Sum(ObjectiveDefinition definition)
    {
        Dictionary<string, object?> given = [];
        foreach (ObjectiveParameter parameter in definition.Parameters)
        {
            if (parameter is ChoiceParameter<TupleReduction>)
            {
                given[parameter.Name] = "sum";
            }
            else if (parameter is InnerObjectiveParameter && Sum(ObjectiveRegistry.Describe(parameter.DefaultText)) is { Count: > 0 } inner)
            {
                inner["name"] = parameter.DefaultText;
                given[parameter.Name] = inner;
            }
        }

        if (definition == CrossBatchMemoryObjective.Definition)
        {
            // Takes part at once, and holds the two of the scene.
            (given["start"], given["size"]) = (0, 2);
        }

        return given;
    }

    private static (double[] Middle, double[] Near, double[] Far, double[] Aside) Place(double own, double other)
    {
        (double a, double b) = (2 * Math.Asin(own / 2), 2 * Math.Asin(other / 2));
        return ([1, 0, 0, 0], [Math.Cos(a), Math.Sin(a), 0, 0], [Math.Cos(b), 0, Math.Sin(b), 0], [0, 0, 0, 1]);
    }

    private static double HalfCosine(double distance) => Math.Sqrt(1 - (distance * distance / 4));

    private static Tensor Rows(params IReadOnlyList<double[]> rows) => tensor(rows.SelectMany(row => row).ToArray(), [rows.Count, Dimension]);

    // Classifiers beside what is measured have their centres at 0, which takes their own force on embeddings out.
    private void Begin()
    {
        using DisposeScope scope = NewDisposeScope();
        (double[] middle, double[] near, double[] far, double[] aside) = Place(FirstOwn, FirstOther);
        _objective.train();
        _ = _objective.Evaluate(Rows(middle, near, far, aside), tensor(new long[] { 0, 0, 1, 2 }), arange(4, ScalarType.Int64));
        _objective.eval();
        using IDisposable noGradient = no_grad();
        foreach (Parameter parameter in _parts.OfType<MarginSoftmaxObjective>().SelectMany(part => part.Centres.parameters()))
        {
            parameter.zero_();
        }
    }

    private double[] OnPhoto(IReadOnlyList<double[]> photos, long[] labels)
    {
        Tensor batch = Rows(photos).requires_grad_(true);
        ObjectiveValue value = _objective.Evaluate(batch, tensor(labels), arange(labels.Length, ScalarType.Int64));
        return autograd.grad([value.Loss], [batch])[0].data<double>().ToArray();
    }

    private double[] OnAnchor(double[] middle, double[] near, double[] far)
    {
        Tensor anchor = Rows(middle).requires_grad_(true);
        ObjectiveValue value = ((IMemoryObjective)_objective).Evaluate(
            anchor, zeros(1, ScalarType.Int64), arange(1, ScalarType.Int64), Rows(near, far), tensor(new long[] { 0, 1 }));
        return autograd.grad([value.Loss], [anchor])[0].data<double>().ToArray();
    }

    private double[] BesideMemory(double[] middle, double[] near, double[] far)
    {
        ((CrossBatchMemoryObjective)_objective).Memory.Add(Rows(near, far), tensor(new long[] { 0, 1 }));
        return OnPhoto([middle], [0]);
    }

    private double[] BesideCentres(Tensor centres, params IReadOnlyList<double[]> points)
    {
        using (no_grad())
        {
            // A class with several has all of them in one place.
            centres.copy_(Rows([.. points.Skip(1)]).repeat_interleave(centres.shape[0] / Classes, 0));
        }

        return OnPhoto([points[0]], [0]);
    }

    // An embedding of zeros takes the classifier's own force on its centres out.
    private double[] OnCentre(IReadOnlyList<double[]> centres)
    {
        Parameter weight = ((DenseCentres)((RegularisedClassifier)_objective).Classifier.Centres).Weight;
        using (no_grad())
        {
            weight.copy_(Rows(centres));
        }

        ObjectiveValue value = _objective.Evaluate(zeros(1, Dimension, ScalarType.Float64), zeros(1, ScalarType.Int64));
        return autograd.grad([value.Loss], [weight])[0].data<double>().ToArray();
    }
}
