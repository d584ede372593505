using Semblance.Training.Objectives;

namespace Semblance.Training.Classes;

/// <summary>The choice of who owns the class centres and how they are updated, with the parameters that all losses over centres share.</summary>
public static class ClassLayer
{
    /// <summary>The share of classes that take part in a step of a sampled layer, of An et al. 2021.</summary>
    public const double DefaultSampleRate = 0.1;

    private enum Kind
    {
        Dense,
        Sampled,
        ClosedForm,
    }

    /// <summary>The parameters "class_layer" and "sample_rate".</summary>
    public static IReadOnlyList<ObjectiveParameter> Parameters { get; } =
    [
        new ChoiceParameter<Kind>(
            "class_layer", "dense",
            [("dense", Kind.Dense), ("sampled", Kind.Sampled), ("closed-form", Kind.ClosedForm)],
            "How class centres are kept: dense = all take part, by the stage's optimiser; sampled = own classes and a random share of the others take part; "
            + "closed-form = all take part, updated without a gradient of their size. The last two need optimizer sgd."),
        new RealParameter(
            "sample_rate", null, 0, 1, "The share of classes that take part in a step of a sampled layer.", MinimumAllowed: false, DerivedFrom: "0.1 for a sampled layer"),
    ];

    /// <summary>Makes the layer that was asked for.</summary>
    /// <param name="arguments">Values of <see cref="Parameters"/>.</param>
    /// <param name="context">Classes, dimension and seed.</param>
    /// <param name="withBias">Whether each class has a bias, which only a dense layer can.</param>
    /// <param name="closedForm">Whether the loss has a closed form: it does where centres are normalised or nothing is bent.</param>
    /// <exception cref="UsageException">A value has no effect or no place beside the others.</exception>
    public static ClassCentres Create(ObjectiveArguments arguments, ObjectiveContext context, bool withBias = false, bool closedForm = true)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(context);
        Kind kind = arguments.Choice<Kind>("class_layer");
        if (kind != Kind.Sampled)
        {
            arguments.RefuseIfGiven("sample_rate", "unless class_layer is sampled");
        }

        if (kind == Kind.ClosedForm && !closedForm)
        {
            throw new UsageException("The parameter 'class_layer' is closed-form, which a loss that keeps the norms of its centres has not; expected dense or sampled.");
        }

        if (withBias && kind != Kind.Dense)
        {
            throw new UsageException($"The parameter 'class_layer' is {(kind == Kind.Sampled ? "sampled" : "closed-form")}, which keeps no bias; give bias: false beside it.");
        }

        return kind switch
        {
            Kind.Sampled => new SampledCentres(context.ClassCount, context.EmbeddingSize, context.Seed, SampleRate(arguments)),
            Kind.ClosedForm => new ClosedFormCentres(context.ClassCount, context.EmbeddingSize, context.Seed),
            _ => new DenseCentres(context.ClassCount, context.EmbeddingSize, context.Seed, withBias),
        };
    }

    /// <summary>The share of classes that take part in a step: 1 unless the layer is sampled.</summary>
    /// <param name="arguments">Values of <see cref="Parameters"/>.</param>
    public static double SampleRate(ObjectiveArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return arguments.Choice<Kind>("class_layer") == Kind.Sampled ? arguments.RealOrNull("sample_rate") ?? DefaultSampleRate : 1;
    }
}
