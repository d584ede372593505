namespace Semblance.Recognition.Packs;

/// <summary>Something wrong with an installed pack.</summary>
/// <param name="Pack">The pack's name.</param>
/// <param name="File">The file.</param>
/// <param name="Problem">What is wrong with it.</param>
public sealed record PackProblem(string Pack, string File, string Problem);
