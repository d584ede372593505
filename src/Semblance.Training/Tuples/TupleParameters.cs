using Semblance.Training.Objectives;

namespace Semblance.Training.Tuples;

/// <summary>The parameters that tuple objectives have in common, and how they make the objective.</summary>
internal static class TupleParameters
{
    /// <summary>The key of the switch for unit length.</summary>
    public const string NormaliseKey = "normalise";

    private const string DistanceKey = "distance";
    private const string ReductionKey = "reduction";

    private static readonly (string Name, Distance Value)[] Distances =
    [
        ("euclidean", Tuples.Distance.Euclidean), ("squared", Tuples.Distance.SquaredEuclidean), ("cosine", Tuples.Distance.Cosine),
    ];

    private static readonly (string Name, TupleReduction Value)[] Reductions =
    [
        ("mean-active", TupleReduction.MeanOverActive), ("mean-all", TupleReduction.MeanOverAll),
        ("per-anchor", TupleReduction.MeanPerAnchor), ("sum", TupleReduction.Sum),
    ];

    /// <summary>The choice of distance.</summary>
    /// <param name="standard">The default.</param>
    public static ObjectiveParameter Distance(Distance standard) => new ChoiceParameter<Distance>(
        DistanceKey, NameOf(Distances, standard), Distances, "euclidean = ‖a − b‖; squared = its square; cosine = 1 − cos.");

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

    /// <summary>The choice of reduction.</summary>
    /// <param name="standard">The default.</param>
    public static ObjectiveParameter Reduction(TupleReduction standard) => new ChoiceParameter<TupleReduction>(
        ReductionKey, NameOf(Reductions, standard), Reductions,
        "mean-active = over the tuples that cost something; mean-all = over all chosen; per-anchor = within each anchor, then over anchors; sum = as papers write it.");

    /// <summary>The reduction chosen.</summary>
    /// <param name="arguments">The checked arguments.</param>
    public static TupleReduction Reduction(ObjectiveArguments arguments) => arguments.Choice<TupleReduction>(ReductionKey);

    /// <summary>The objective of a loss that is written with cosines and whose definition has a miner and a reduction.</summary>
    /// <typeparam name="TTuples">What the loss takes.</typeparam>
    /// <param name="name">The registered name.</param>
    /// <param name="arguments">The checked arguments.</param>
    /// <param name="context">The run.</param>
    /// <param name="loss">The penalty.</param>
    /// <param name="margin">The penalty's margin in cosines, which miners take for theirs; null where it has none.</param>
    public static TupleObjective<TTuples> CosineObjective<TTuples>(
        string name, ObjectiveArguments arguments, ObjectiveContext context, ITupleLoss<TTuples> loss, double? margin)
        where TTuples : TupleSelection =>
        new(
            name,
            Tuples.Distance.Cosine,
            normalise: true,
            MinerRegistry.Create(arguments, new MinerContext(Tuples.Distance.Cosine, Normalised: true, margin, context.EmbeddingSize)),
            loss,
            Reduction(arguments));

    /// <summary>The objective of a loss whose definition has the parameters of this class (distance, normalise, reduction) and a miner.</summary>
    /// <typeparam name="TTuples">What the loss takes.</typeparam>
    /// <param name="name">The registered name.</param>
    /// <param name="arguments">The checked arguments.</param>
    /// <param name="context">The run.</param>
    /// <param name="loss">The penalty.</param>
    /// <param name="margin">The penalty's margin, which miners take for theirs; null where it has none.</param>
    public static TupleObjective<TTuples> Objective<TTuples>(
        string name, ObjectiveArguments arguments, ObjectiveContext context, ITupleLoss<TTuples> loss, double? margin)
        where TTuples : TupleSelection
    {
        Distance distance = Distance(arguments);
        bool normalise = arguments.Flag(NormaliseKey);
        ITupleMiner<TupleSelection> miner = MinerRegistry.Create(
            arguments, new MinerContext(distance, normalise || distance == Tuples.Distance.Cosine, margin, context.EmbeddingSize));
        return new TupleObjective<TTuples>(name, distance, normalise, miner, loss, Reduction(arguments));
    }

    private static string NameOf<T>((string Name, T Value)[] choices, T value) => choices.First(c => Equals(c.Value, value)).Name;
}
