namespace Semblance.Recognition.Packs;

/// <summary>A package of npm, pinned.</summary>
/// <param name="Name">The package's name.</param>
/// <param name="Version">The exact version.</param>
/// <param name="Integrity">The tarball's hash as npm writes it: "sha512-" and base64.</param>
public sealed record NpmPackage(string Name, string Version, string Integrity)
{
    /// <summary>"name@version".</summary>
    public override string ToString() => $"{Name}@{Version}";
}
