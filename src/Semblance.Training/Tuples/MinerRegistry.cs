using Semblance.Training.Objectives;

namespace Semblance.Training.Tuples;

/// <summary>All miners by name. Any goes with any loss: pairs are read as the triplets they make, triplets as the pairs within them. To add one: its file, and a line in the table here.</summary>
public static class MinerRegistry
{
    /// <summary>The definitions in the order in which a person should read them.</summary>
    public static IReadOnlyList<MinerDefinition> All { get; } =
    [
        AllPairsMiner.Definition,
        AllPairsMiner.OnceDefinition,
        BatchHardMiner.Definition,
        SemiHardMiner.Definition,
        TripletBandMiner.HardDefinition,
        TripletBandMiner.ViolatingDefinition,
        TripletBandMiner.EasyDefinition,
        RandomMiner.Definition,
        BatchEasyHardMiner.Definition,
        MultiSimilarityMiner.Definition,
        DistanceWeightedMiner.Definition,
        NPairMiner.Definition,
        ConsecutiveMiner.PairsDefinition,
        ConsecutiveMiner.TripletsDefinition,
    ];

    /// <summary>The names of all miners, in the order of the table.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(definition => definition.Name)];

    /// <summary>Everything there is to know of a miner before it is made: parameters with defaults and docs.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static MinerDefinition Describe(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(definition => definition.Name == name)
            ?? throw new UsageException($"There is no miner '{name}'; {NameSuggestion.Sentence(name, [.. Names])}");
    }

    /// <summary>The parameter by which a loss lets a miner be chosen.</summary>
    /// <param name="standard">The default's name.</param>
    public static ComponentParameter<MinerDefinition> Parameter(string standard) => new(
        "miner", standard, "miner", All, "Which tuples of the batch are taken; see the pages on miners.");

    /// <summary>The miner that was chosen.</summary>
    /// <param name="arguments">The loss's arguments, with a parameter from <see cref="Parameter"/>.</param>
    /// <param name="context">What it mines for.</param>
    /// <exception cref="UsageException">It does not go with the distance or the margin.</exception>
    public static ITupleMiner<TupleSelection> Create(ObjectiveArguments arguments, MinerContext context)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ComponentChoice<MinerDefinition> choice = arguments.Component<MinerDefinition>("miner");
        return choice.Definition.Create(choice.Arguments, context);
    }
}
