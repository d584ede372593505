using Semblance.Training.Objectives;

namespace Semblance.Training.Proxies;

/// <summary>The family of metric losses against one or more learned proxies of each class. A new one adds its line here.</summary>
internal static class ProxyObjectives
{
    /// <summary>The definitions in the order in which a person should read them.</summary>
    public static IReadOnlyList<ObjectiveDefinition> All { get; } =
    [
        ProxyNcaObjective.Definition,
        ProxyAnchorObjective.Definition,
        SoftTripleObjective.Definition,
    ];
}
