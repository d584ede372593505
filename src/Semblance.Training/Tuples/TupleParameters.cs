using Semblance.Training.Objectives;

namespace Semblance.Training.Tuples;

/// <summary>The parameters that tuple objectives have in common.</summary>
internal static class TupleParameters
{
    /// <summary>The key of the switch for unit length.</summary>
    public const string NormaliseKey = "normalise";

    private const string DistanceKey = "distance";

    /// <summary>The choice of distance.</summary>
    /// <param name="standard">The default.</param>
    public static ObjectiveParameter Distance(Distance standard) => new ChoiceParameter<Distance>(
        DistanceKey,
        standard == Tuples.Distance.Euclidean ? "euclidean" : "squared",
        [("euclidean", Tuples.Distance.Euclidean), ("squared", Tuples.Distance.SquaredEuclidean), ("cosine", Tuples.Distance.Cosine)],
        "euclidean = ‖a − b‖; squared = its square; cosine = 1 − cos.");

    /// <summary>The distance chosen. Refuses `normalise` beside cosine, which normalises in any case.</summary>
    /// <param name="arguments">The checked arguments.</param>
    public static Distance Distance(ObjectiveArguments arguments)
    {
        Distance chosen = arguments.Choice<Distance>(DistanceKey);
        if (chosen == Tuples.Distance.Cosine)
        {
            arguments.RefuseIfGiven(NormaliseKey, "beside the cosine distance");
        }

        return chosen;
    }

    /// <summary>The switch for unit length.</summary>
    /// <param name="standard">The default.</param>
    public static ObjectiveParameter Normalise(bool standard) => new FlagParameter(
        NormaliseKey, standard, "Whether embeddings are scaled to unit length before distances are taken.");
}
