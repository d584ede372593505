namespace Semblance.Laboratory.Tests.Golden;

/// <summary>The recipes of all cases in tests/golden. A loss without cases among the references' adds its file of recipes and a line here.</summary>
internal static class OwnCases
{
    public static IReadOnlyList<CaseRecipe> All { get; } =
    [
        .. ContrastiveCases.All,
        .. AdditiveMarginCases.All,
        .. CentreRegulariserCases.All,
        .. RingCases.All,
        .. ClasswisePenaltyCases.All,
        .. MvSoftmaxCases.All,
        .. RankingCases.All,
        .. MemoryCases.All,
        .. MinerCases.All,
    ];
}
