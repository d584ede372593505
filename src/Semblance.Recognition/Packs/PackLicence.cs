namespace Semblance.Recognition.Packs;

/// <summary>The licence of a pack, shown before anything of it is installed.</summary>
/// <param name="Pack">The pack's name.</param>
/// <param name="Spdx">The licence by its SPDX name; NOASSERTION where nobody has stated one.</param>
/// <param name="Text">Its text as the pack brings it; null where the pack brings none.</param>
public sealed record PackLicence(string Pack, string Spdx, string? Text);
