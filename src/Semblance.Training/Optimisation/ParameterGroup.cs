using static TorchSharp.torch;

namespace Semblance.Training.Optimisation;

/// <summary>Parameters that share a rate factor and a weight decay.</summary>
/// <param name="Name">The group's name, for the log.</param>
/// <param name="Parameters">Names and leaf tensors; names are unique over all groups of an optimiser.</param>
/// <param name="RateFactor">Multiplies the schedule's learning rate.</param>
/// <param name="WeightDecay">The weight decay; 0 for none.</param>
public sealed record ParameterGroup(
    string Name,
    IReadOnlyList<KeyValuePair<string, Tensor>> Parameters,
    double RateFactor,
    double WeightDecay);
