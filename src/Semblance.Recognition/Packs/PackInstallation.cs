namespace Semblance.Recognition.Packs;

/// <summary>What pulling or adding came to.</summary>
/// <param name="Pack">The pack.</param>
/// <param name="WasThere">Whether it was installed and unharmed already, so that nothing was fetched.</param>
/// <param name="Notes">What a person should know of it, a sentence each, for example what a model was taken for.</param>
public sealed record PackInstallation(InstalledPack Pack, bool WasThere, IReadOnlyList<string> Notes);
