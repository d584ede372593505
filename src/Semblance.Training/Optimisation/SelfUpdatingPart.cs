using Semblance.Training.Classes;
using TorchSharp;

namespace Semblance.Training.Optimisation;

/// <summary>A part of an objective that updates itself, with what a parameter group would give it.</summary>
/// <param name="Part">The part.</param>
/// <param name="RateFactor">Multiplies the schedule's learning rate.</param>
/// <param name="WeightDecay">The weight decay; 0 for none.</param>
public sealed record SelfUpdatingPart(ISelfUpdating Part, double RateFactor, double WeightDecay)
{
    /// <summary>All such parts of a module.</summary>
    /// <param name="module">The module, mostly an objective.</param>
    /// <param name="rateFactor">Their rate factor.</param>
    /// <param name="weightDecay">Their weight decay; centres are matrices, so that they decay.</param>
    public static IReadOnlyList<SelfUpdatingPart> Of(torch.nn.Module module, double rateFactor, double weightDecay)
    {
        ArgumentNullException.ThrowIfNull(module);
        return [.. module.modules().OfType<ISelfUpdating>().Distinct().Select(part => new SelfUpdatingPart(part, rateFactor, weightDecay))];
    }
}
