using Semblance.Training.Objectives;

namespace Semblance.Training.Tuples;

/// <summary>What a penalty of each anchor makes of an anchor that has positives but no negatives, or the reverse.</summary>
public enum OneSidedAnchors
{
    /// <summary>It is left out.</summary>
    Skip,

    /// <summary>The side that it has counts alone.</summary>
    Keep,
}

/// <summary>The parameter by which it is chosen.</summary>
internal static class OneSidedParameter
{
    private const string Key = "one_sided";

    /// <summary>The choice.</summary>
    /// <param name="standard">The default.</param>
    public static ObjectiveParameter With(OneSidedAnchors standard) => new ChoiceParameter<OneSidedAnchors>(
        Key,
        standard == OneSidedAnchors.Skip ? "skip" : "keep",
        [("skip", OneSidedAnchors.Skip), ("keep", OneSidedAnchors.Keep)],
        "Of an anchor that lacks positives or negatives: skip = it is left out; keep = the side that it has counts alone.");

    /// <summary>The value chosen.</summary>
    /// <param name="arguments">The checked arguments.</param>
    public static OneSidedAnchors Of(ObjectiveArguments arguments) => arguments.Choice<OneSidedAnchors>(Key);
}
