using Semblance.Numerics;
using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>Where ElasticFace's margin goes.</summary>
public enum ElasticMargin
{
    /// <summary>ElasticFace-Arc: cos(θ + m).</summary>
    Arc,

    /// <summary>ElasticFace-Cos: cos θ − m.</summary>
    Cos,
}

/// <summary>Which sample gets which of the drawn margins.</summary>
public enum ElasticOrder
{
    /// <summary>As drawn.</summary>
    Drawn,

    /// <summary>ElasticFace+: the farther from its own centre, the larger the margin.</summary>
    Cosine,

    /// <summary>
    /// As the authors' code computes the "+": sample i gets the margin of the rank that the i-th place of the sorted list names, an inverted
    /// permutation, so that margins do not in general follow the cosines.
    /// </summary>
    AuthorsCode,
}

/// <summary>
/// ElasticFace: ArcFace's or CosFace's curve with a margin drawn for each sample from N(m, σ) (Boutros et al. 2022, "ElasticFace: Elastic
/// Margin Loss for Deep Face Recognition", eq. 4–6), and "+", where the drawn margins are sorted so that the farthest sample gets the
/// largest. The draws follow from the seed and the step, which is a buffer, so that a resumed run repeats them. Outside training mode the
/// margin is m.
/// </summary>
public sealed class ElasticFaceLogit : nn.Module, ITargetLogit, IBatchObserver, IAnnealed
{
    private const ulong MarginPurpose = 0x656C6173746963;

    private readonly ulong _seed;
    // Named as a checkpoint holds it.
    private readonly Tensor steps;
    private double _fraction = 1;

    /// <summary>Creates the curve.</summary>
    /// <param name="kind">Where the margin goes.</param>
    /// <param name="margin">m: the mean of the margins, at least 0.</param>
    /// <param name="deviation">σ: their standard deviation, at least 0.</param>
    /// <param name="order">Which sample gets which of them.</param>
    /// <param name="beyondPi">What holds where θ + m passes π; for <see cref="ElasticMargin.Arc"/>. The paper does nothing there.</param>
    /// <param name="seed">The same seed gives the same draws.</param>
    public ElasticFaceLogit(
        ElasticMargin kind, double margin, double deviation, ElasticOrder order = ElasticOrder.Drawn, BeyondPi beyondPi = BeyondPi.None, ulong seed = 0)
        : base("elasticface")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        ArgumentOutOfRangeException.ThrowIfNegative(deviation);
        (Kind, Margin, Deviation, Order, Treatment, _seed) = (kind, margin, deviation, order, beyondPi, seed);
        steps = zeros(1, ScalarType.Int64);
        RegisterComponents();
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "elasticface",
        "ArcFace or CosFace with a margin drawn anew for each sample (ElasticFace, Boutros et al. 2022).",
        NeedsIdentityBatches: false,
        [
            new ChoiceParameter<ElasticMargin>(
                "kind", "arc", [("arc", ElasticMargin.Arc), ("cos", ElasticMargin.Cos)], "arc = cos(θ + m) (ElasticFace-Arc); cos = cos θ − m (ElasticFace-Cos)."),
            new RealParameter("scale", 64, 0, double.PositiveInfinity, "The scale s of the cosines.", MinimumAllowed: false),
            new RealParameter("margin", null, 0, 1.57, "m: the mean of the margins.", DerivedFrom: "0.5 for arc, 0.35 for cos"),
            new RealParameter(
                "deviation", null, 0, 1, "σ: the standard deviation of the margins.", DerivedFrom: "0.05; with order cosine 0.0175 for arc, 0.025 for cos"),
            new ChoiceParameter<ElasticOrder>(
                "order", "drawn", [("drawn", ElasticOrder.Drawn), ("cosine", ElasticOrder.Cosine), ("authors-code", ElasticOrder.AuthorsCode)],
                "drawn = as drawn; cosine = the farther a sample, the larger its margin (ElasticFace+); authors-code = the + as their code computes it."),
            BeyondPiParameter.Create("none"),
            .. ClassLayer.Parameters,
        ],
        Create);

    /// <summary>Where the margin goes.</summary>
    public ElasticMargin Kind { get; }

    /// <summary>m.</summary>
    public double Margin { get; }

    /// <summary>σ.</summary>
    public double Deviation { get; }

    /// <summary>Which sample gets which margin.</summary>
    public ElasticOrder Order { get; }

    /// <summary>What holds where θ + m passes π.</summary>
    public BeyondPi Treatment { get; }

    /// <inheritdoc/>
    public bool NormalisesEmbeddings => true;

    /// <inheritdoc/>
    public bool NormalisesCentres => true;

    /// <inheritdoc/>
    public void Anneal(double fraction) => _fraction = fraction;

    /// <inheritdoc/>
    public void Observe(TargetColumn target)
    {
        using IDisposable noGradient = no_grad();
        steps.add_(1);
    }

    /// <summary>The margins of the present step, each with its sample.</summary>
    /// <param name="cosine">[batch]: the cosines to the own centres; only their order counts.</param>
    /// <returns>[batch], without gradient; owned by the caller's dispose scope.</returns>
    public Tensor Margins(Tensor cosine)
    {
        ArgumentNullException.ThrowIfNull(cosine);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        if (!training || Deviation == 0)
        {
            return full_like(cosine, Margin).MoveToOuterDisposeScope();
        }

        CountedRandom random = new(_seed, MarginPurpose, (ulong)steps.item<long>());
        double[] drawn = new double[cosine.shape[0]];
        for (int i = 0; i < drawn.Length; i++)
        {
            drawn[i] = Margin + (Deviation * random.NextGaussian());
        }

        if (Order != ElasticOrder.Drawn)
        {
            Array.Sort(drawn);
        }

        Tensor margins = tensor(drawn).to_type(cosine.dtype);
        if (Order == ElasticOrder.Drawn)
        {
            return margins.MoveToOuterDisposeScope();
        }

        Tensor nearestFirst = cosine.detach().argsort(0, descending: true);
        return (Order == ElasticOrder.Cosine ? margins.index_select(0, nearestFirst.argsort()) : margins.index_select(0, nearestFirst))
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Bend(TargetColumn target)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor margins = Margins(target.Cosine) * _fraction;
        Tensor bent = Kind == ElasticMargin.Cos ? target.Cosine - margins : AngleShift.Cosine(target.Cosine, margins, Treatment);
        return bent.MoveToOuterDisposeScope();
    }

    private static MarginSoftmaxObjective Create(ObjectiveArguments arguments, ObjectiveContext context)
    {
        ElasticMargin kind = arguments.Choice<ElasticMargin>("kind");
        ElasticOrder order = arguments.Choice<ElasticOrder>("order");
        bool arc = kind == ElasticMargin.Arc;
        if (!arc)
        {
            arguments.RefuseIfGiven("beyond_pi", "with kind 'cos'");
        }

        double deviation = arguments.RealOrNull("deviation") ?? (order == ElasticOrder.Drawn ? 0.05 : arc ? 0.0175 : 0.025);
        return new MarginSoftmaxObjective(
            "elasticface",
            new ElasticFaceLogit(
                kind, arguments.RealOrNull("margin") ?? (arc ? 0.5 : 0.35), deviation, order, arguments.Choice<BeyondPi>("beyond_pi"), context.Seed),
            ClassLayer.Create(arguments, context),
            new LogitScale(arguments.Real("scale")));
    }
}
