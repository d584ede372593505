using Semblance.Training.Classes;
using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>
/// MV-Softmax (Wang et al. 2020, "Mis-classified Vector Guided Softmax Loss for Face Recognition", MV-AM- and MV-Arc-Softmax): the target of CosFace or
/// ArcFace, f(m, θ_y), while a class that is harder than it, c > f, gets the factor h: exp(s·t) where it is fixed, exp(s·t·(c + 1)) where it
/// is adaptive. So its cosine becomes c + t, or (1 + t)·c + t.
/// </summary>
public sealed class MvSoftmaxLogit : ITargetLogit, IOtherLogits, IAnnealed
{
    /// <summary>The paper's margin of both kinds.</summary>
    public const double DefaultMargin = 0.35;

    /// <summary>The paper's scale.</summary>
    public const double DefaultScale = 32;

    /// <summary>The paper's t.</summary>
    public const double DefaultWeight = 0.2;

    private double _fraction = 1;

    /// <summary>Creates the curve.</summary>
    /// <param name="margin">m: off the cosine, or in radians in [0, π/2] for an angular margin.</param>
    /// <param name="weight">t, at least 0; 0 leaves the other classes as they are.</param>
    /// <param name="angular">True for cos(θ + m), false for cos θ − m.</param>
    /// <param name="adaptive">True for the adaptive factor.</param>
    /// <param name="applies">To which samples the margin applies.</param>
    public MvSoftmaxLogit(
        double margin = DefaultMargin, double weight = DefaultWeight, bool angular = false, bool adaptive = true, MarginApplies applies = MarginApplies.Always)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(margin, Math.PI / 2);
        (Margin, Weight, IsAngular, IsAdaptive, Applies) = (margin, weight, angular, adaptive, applies);
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "mv-softmax",
        "CosFace or ArcFace that emphasises the classes a sample is mistaken for (MV-Softmax, Wang et al. 2020).",
        NeedsIdentityBatches: false,
        [
            new RealParameter("scale", DefaultScale, 0, double.PositiveInfinity, "The scale s of the cosines.", MinimumAllowed: false),
            new RealParameter("margin", DefaultMargin, 0, 1.57, "The margin m: off the cosine for am, in radians for arc."),
            new ChoiceParameter<bool>("kind", "am", [("am", false), ("arc", true)], "The target f: am = cos θ − m; arc = cos(θ + m)."),
            new RealParameter("weight", DefaultWeight, 0, 1, "t: how much a mistaken class is emphasised."),
            new ChoiceParameter<bool>(
                "emphasis", "adaptive", [("adaptive", true), ("fixed", false)],
                "What the cosine c of a mistaken class becomes: adaptive = (1 + t)·c + t; fixed = c + t."),
            new ChoiceParameter<MarginApplies>(
                "applies", "always",
                [("always", MarginApplies.Always), ("positive", MarginApplies.Positive), ("above-margin", MarginApplies.AboveMargin)],
                "Where the margin holds: always, as in the paper; positive = where cos θ > 0 (authors' code); above-margin = where cos θ > m (FaceX-Zoo, am)."),
            .. ClassLayer.Parameters,
        ],
        Create);

    /// <summary>m.</summary>
    public double Margin { get; }

    /// <summary>t.</summary>
    public double Weight { get; }

    /// <summary>Whether the margin is added to the angle.</summary>
    public bool IsAngular { get; }

    /// <summary>Whether the factor grows with the cosine.</summary>
    public bool IsAdaptive { get; }

    /// <summary>To which samples the margin applies.</summary>
    public MarginApplies Applies { get; }

    /// <inheritdoc/>
    public bool NormalisesEmbeddings => true;

    /// <inheritdoc/>
    public bool NormalisesCentres => true;

    /// <inheritdoc/>
    public void Anneal(double fraction) => _fraction = fraction;

    /// <inheritdoc/>
    public Tensor Bend(TargetColumn target)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor bent = Margined(target.Cosine);
        return (Applies == MarginApplies.Always
            ? bent
            : where(target.Cosine.gt(Applies == MarginApplies.Positive ? 0 : _fraction * Margin), bent, target.Cosine)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public OtherBend BendOthers(TargetColumn target)
    {
        double linear = IsAdaptive ? 1 + Weight : 1;
        return new OtherBend(Margined(target.Cosine), 0, linear, Weight, 0, linear);
    }

    private Tensor Margined(Tensor cosine) =>
        IsAngular ? AngleShift.Cosine(cosine, _fraction * Margin, BeyondPi.None) : cosine - (_fraction * Margin);

    private static MarginSoftmaxObjective Create(ObjectiveArguments arguments, ObjectiveContext context)
    {
        bool angular = arguments.Choice<bool>("kind");
        MarginApplies applies = arguments.Choice<MarginApplies>("applies");
        if (angular && applies == MarginApplies.AboveMargin)
        {
            throw new UsageException("The parameter 'applies' of the objective 'mv-softmax' is above-margin beside kind arc, whose margin is an angle; expected always or positive.");
        }

        return new MarginSoftmaxObjective(
            "mv-softmax",
            new MvSoftmaxLogit(arguments.Real("margin"), arguments.Real("weight"), angular, arguments.Choice<bool>("emphasis"), applies),
            ClassLayer.Create(arguments, context),
            new LogitScale(arguments.Real("scale")));
    }
}

/// <summary>To which samples MV-Softmax applies its margin.</summary>
public enum MarginApplies
{
    /// <summary>To all, as the paper writes it.</summary>
    Always,

    /// <summary>Where cos θ is above 0 (the authors' code).</summary>
    Positive,

    /// <summary>Where cos θ is above m (FaceX-Zoo, for the cosine margin).</summary>
    AboveMargin,
}
