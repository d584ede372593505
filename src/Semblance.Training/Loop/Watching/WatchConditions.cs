using Semblance.Training.Loop.Watching.Conditions;

namespace Semblance.Training.Loop.Watching;

/// <summary>All conditions. A new one adds its file and a line here.</summary>
internal static class WatchConditions
{
    public static IReadOnlyList<WatchCondition> All { get; } =
    [
        new MarginTooLarge(),
        new AngleStuck(),
        new LossAtStart(),
        new ScaleTooSmall(),
        new EmbeddingCollapse(),
        new TripletsAtMargin(),
        new EmbeddingNormRunaway(),
        new NoTuples(),
        new NoActiveTuples(),
        new AllTuplesActive(),
        new UpdateTooLarge(),
        new UpdateTooSmall(),
        new AlwaysClipped(),
        new ClassesUnseen(),
    ];
}
