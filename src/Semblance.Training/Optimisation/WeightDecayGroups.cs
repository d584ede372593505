using static TorchSharp.torch;

namespace Semblance.Training.Optimisation;

/// <summary>Splits a module's parameters into those that decay and those that do not.</summary>
public static class WeightDecayGroups
{
    /// <summary>
    /// Matrices and kernels decay; biases, batch-norm and PReLU parameters and other vectors or scalars (β, a learned scale) do not,
    /// unless <paramref name="decayEverything"/>, the large-scale recipe. Parameters that take no gradient are left out.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="prefix">Put before each parameter's name.</param>
    /// <param name="rateFactor">The groups' rate factor.</param>
    /// <param name="weightDecay">The decay of the decaying group.</param>
    /// <param name="decayEverything">True to let all parameters decay.</param>
    /// <param name="belongs">Which parameters, by name, belong to these groups; null for all.</param>
    /// <returns>One or two groups; empty ones are left out.</returns>
    public static IReadOnlyList<ParameterGroup> Split(
        nn.Module module, string prefix, double rateFactor, double weightDecay, bool decayEverything, Func<string, bool>? belongs = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        var decaying = new List<KeyValuePair<string, Tensor>>();
        var fixedOnes = new List<KeyValuePair<string, Tensor>>();
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in module.named_parameters())
        {
            if (parameter.requires_grad && (belongs is null || belongs(name)))
            {
                (decayEverything || parameter.dim() >= 2 ? decaying : fixedOnes).Add(new(prefix + name, parameter));
            }
        }

        var groups = new List<ParameterGroup>();
        if (decaying.Count > 0)
        {
            groups.Add(new ParameterGroup(prefix + "decay", decaying, rateFactor, weightDecay));
        }

        if (fixedOnes.Count > 0)
        {
            groups.Add(new ParameterGroup(prefix + "no-decay", fixedOnes, rateFactor, 0));
        }

        return groups;
    }
}
