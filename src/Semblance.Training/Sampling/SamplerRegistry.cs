using Semblance.Data.Sampling;
using Semblance.Training.Objectives;

namespace Semblance.Training.Sampling;

/// <summary>All samplers by name.</summary>
public static class SamplerRegistry
{
    /// <summary>The name that stands for shuffle, or for pk where the loss compares photos or the stage gives images_per_identity.</summary>
    public const string Automatic = "auto";

    /// <summary>The names of all samplers, in the order in which a person should read them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. SamplerDefinitions.All.Select(definition => definition.Name)];

    /// <summary>Everything there is to know of a sampler before it is made: parameters with defaults and docs.</summary>
    /// <param name="name">The sampler's name.</param>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static SamplerDefinition Describe(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return SamplerDefinitions.All.FirstOrDefault(definition => definition.Name == name)
            ?? throw new UsageException($"There is no sampler '{name}'; {NameSuggestion.Sentence(name, [.. Names, Automatic])}");
    }

    /// <summary>Checks a name and its parameters before there is any data.</summary>
    /// <param name="name">The sampler's name, or <see cref="Automatic"/>.</param>
    /// <param name="parameters">Values by key as a config gives them.</param>
    /// <param name="imagesPerIdentity">The stage's key of that name, or 0.</param>
    /// <exception cref="UsageException">The name or a key is unknown, a value is not allowed, or it is given twice or to no effect.</exception>
    public static void Check(string name, IReadOnlyDictionary<string, object?> parameters, int imagesPerIdentity)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (name == Automatic)
        {
            if (parameters.Count > 0)
            {
                throw new UsageException($"The sampler '{Automatic}' takes no parameters; '{parameters.Keys.First()}' was given. Name the sampler that it is meant for.");
            }

            return;
        }

        ObjectiveArguments arguments = Bind(name, parameters);
        if (imagesPerIdentity > 0 && !Describe(name).Parameters.Any(parameter => parameter.Name == SamplerContext.ImagesPerIdentityKey))
        {
            throw new UsageException($"The stage's key 'images_per_identity' has no effect with the sampler '{name}'; leave it out.");
        }

        if (imagesPerIdentity > 0 && arguments.IsGiven(SamplerContext.ImagesPerIdentityKey))
        {
            throw new UsageException($"'images_per_identity' is given twice, as a key of the stage and as a parameter of the sampler '{name}'; leave one out.");
        }
    }

    /// <summary>Creates a sampler.</summary>
    /// <param name="name">Its name, or <see cref="Automatic"/>.</param>
    /// <param name="parameters">Values by key as a config or the command line gives them; what is missing takes its default.</param>
    /// <param name="context">What it must know of the run.</param>
    /// <exception cref="UsageException">The name or a key is unknown, a value is not allowed, or the data does not fit.</exception>
    public static IBatchSampler Create(string name, IReadOnlyDictionary<string, object?> parameters, SamplerContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Check(name, parameters, context.ImagesPerIdentity);
        string chosen = name != Automatic ? name : context.ComparesPhotos || context.ImagesPerIdentity > 0 ? "pk" : "shuffle";
        return Describe(chosen).Create(Bind(chosen, parameters), context);
    }

    private static ObjectiveArguments Bind(string name, IReadOnlyDictionary<string, object?> parameters) =>
        ObjectiveArguments.Bind($"sampler '{name}'", Describe(name).Parameters, parameters);
}
