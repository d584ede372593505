namespace Semblance.Recognition.Packs;

/// <summary>A pack that can be pulled by its name.</summary>
/// <param name="Npm">The package that holds it.</param>
/// <param name="Manifest">Its models and their hashes.</param>
public sealed record CataloguePack(NpmPackage Npm, PackManifest Manifest);
