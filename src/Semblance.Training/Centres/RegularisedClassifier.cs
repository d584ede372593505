using Semblance.Training.Classes;
using Semblance.Training.Margins;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Centres;

/// <summary>
/// A classifier with a regulariser of its own class centres beside it: loss + weight·term. Figures are the classifier's, with "regulariser"
/// (the term before its weight).
/// </summary>
public sealed class RegularisedClassifier : Objective
{
    /// <summary>The parameter that names the classifier.</summary>
    internal const string ClassifierParameter = "classifier";

    // Not "weight", which is the part's own where this is a part of a joint objective.
    private const string StrengthParameter = "strength";

    // Named as a checkpoint holds it.
    private readonly MarginSoftmaxObjective classifier;
    private readonly DenseCentres _centres;
    private readonly ICentreRegulariser _regulariser;

    /// <summary>Joins the two.</summary>
    /// <param name="name">The registered name.</param>
    /// <param name="classifier">The classifier, with one centre for each class; owned from then on.</param>
    /// <param name="regulariser">The term.</param>
    /// <param name="weight">Its weight, at least 0.</param>
    /// <exception cref="ArgumentException">The classifier has not one centre for each class.</exception>
    public RegularisedClassifier(string name, MarginSoftmaxObjective classifier, ICentreRegulariser regulariser, double weight)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(regulariser);
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        _centres = classifier.Centres as DenseCentres
            ?? throw new ArgumentException("A regulariser of centres needs all of them, one for each class.", nameof(classifier));
        (this.classifier, _regulariser, Weight) = (classifier, regulariser, weight);
        RegisterComponents();
    }

    /// <summary>The classifier.</summary>
    public MarginSoftmaxObjective Classifier => classifier;

    /// <summary>The weight of the term.</summary>
    public double Weight { get; }

    /// <inheritdoc/>
    public override bool Anneal(double fraction) => classifier.Anneal(fraction);

    /// <inheritdoc/>
    public override ObjectiveValue Evaluate(Tensor embeddings, Tensor labels, Tensor? samples = null)
    {
        using DisposeScope scope = NewDisposeScope();
        ObjectiveValue value = classifier.Evaluate(embeddings, labels, samples);
        if (labels.shape[0] == 0)
        {
            return value with { Loss = value.Loss.MoveToOuterDisposeScope() };
        }

        Tensor term = _regulariser.Of(_centres.Weight, labels);
        Dictionary<string, double> figures = new(value.Figures) { ["regulariser"] = term.detach().to_type(ScalarType.Float64).item<double>() };
        return value with { Loss = (value.Loss + (term * Weight)).MoveToOuterDisposeScope(), Figures = figures };
    }

    /// <summary>The parameters that every regulariser has: the classifier with its own, and the weight.</summary>
    /// <param name="weight">The default weight.</param>
    /// <param name="description">What it weighs.</param>
    internal static ObjectiveParameter[] Parameters(double weight, string description) =>
    [
        new ComponentParameter<ObjectiveDefinition>(
            ClassifierParameter, "softmax", "classifier", MarginClassifiers.All, "The classifier whose centres are regularised, by name or with its parameters."),
        new RealParameter(StrengthParameter, weight, 0, double.PositiveInfinity, description),
    ];

    /// <summary>Makes it from checked arguments.</summary>
    internal static RegularisedClassifier Create(string name, ICentreRegulariser regulariser, ObjectiveArguments arguments, ObjectiveContext context)
    {
        ComponentChoice<ObjectiveDefinition> chosen = arguments.Component<ObjectiveDefinition>(ClassifierParameter);
        Objective made = chosen.Definition.Create(chosen.Arguments, context);
        if (made is not MarginSoftmaxObjective { Centres: DenseCentres } classifier)
        {
            made.Dispose();
            throw new UsageException(
                $"The objective '{name}' has the classifier '{chosen.Definition.Name}', which does not keep all its centres at hand, one for each class; take another, or leave its sampling out.");
        }

        return new RegularisedClassifier(name, classifier, regulariser, arguments.Real(StrengthParameter));
    }
}
