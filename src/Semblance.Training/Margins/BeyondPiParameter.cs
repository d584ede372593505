using Semblance.Training.Objectives;

namespace Semblance.Training.Margins;

/// <summary>The parameter of all curves with an angular margin that says what holds where θ + m passes π.</summary>
internal static class BeyondPiParameter
{
    /// <summary>Makes it.</summary>
    /// <param name="standard">The name of the default treatment, the paper's.</param>
    public static ChoiceParameter<BeyondPi> Create(string standard) => new(
        "beyond_pi", standard,
        [
            ("linear", BeyondPi.Linear), ("none", BeyondPi.None), ("easy-margin", BeyondPi.EasyMargin),
            ("cosine", BeyondPi.Cosine), ("clip", BeyondPi.Clip),
        ],
        "Where θ + m passes π: linear = cos θ − m sin m; none = cos(θ + m) throughout; "
        + "easy-margin = margin only where θ < π/2; cosine = cos θ; clip = θ + m held at π.");
}
