using Semblance.Training.Classes;
using Semblance.Training.Objectives;

namespace Semblance.Training.Margins;

/// <summary>
/// AM-Softmax: CosFace's curve with the defaults of Wang et al. 2018, "Additive Margin Softmax for Face Verification" (eq. 6; s = 30,
/// m = 0.35), under the name by which that paper's readers look for it.
/// </summary>
public static class AmSoftmax
{
    /// <summary>The paper's margin.</summary>
    public const double DefaultMargin = 0.35;

    /// <summary>The paper's scale.</summary>
    public const double DefaultScale = 30;

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "am-softmax",
        "CosFace's curve with the scale and margin of AM-Softmax (Wang et al. 2018).",
        NeedsIdentityBatches: false,
        [
            new RealParameter("scale", DefaultScale, 0, double.PositiveInfinity, "The scale s of the cosines.", MinimumAllowed: false),
            new RealParameter("margin", DefaultMargin, 0, 1, "The margin m that is taken off the cosine of the own class."),
            .. ClassLayer.Parameters,
        ],
        (arguments, context) => new MarginSoftmaxObjective(
            "am-softmax",
            new CosFaceLogit(arguments.Real("margin")),
            ClassLayer.Create(arguments, context),
            new LogitScale(arguments.Real("scale"))));
}
