namespace Semblance.Recognition.Packs;

/// <summary>A pack in the cache folder.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Manifest">What it holds.</param>
public sealed record InstalledPack(string Folder, PackManifest Manifest)
{
    /// <summary>The file in which an installed pack keeps its licence.</summary>
    public const string LicenceFile = "LICENSE.txt";

    /// <summary>The pack's name.</summary>
    public string Name => Manifest.Name;

    /// <summary>The file to load for a model: the derived one where there is one.</summary>
    /// <param name="model">A model of this pack.</param>
    public string PathOf(PackModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Path.Combine(Folder, model.Derived?.File ?? model.File);
    }

    /// <summary>The licence; its text is null where the pack brought none.</summary>
    public PackLicence ReadLicence()
    {
        string path = Path.Combine(Folder, LicenceFile);
        return new PackLicence(Name, Manifest.License, File.Exists(path) ? File.ReadAllText(path) : null);
    }

    /// <summary>All files with the hashes that they must have.</summary>
    internal IEnumerable<(string File, string Sha256)> Pinned() => Manifest.Models.SelectMany(model =>
        (IEnumerable<(string, string)>)(model.Derived is null ? [(model.File, model.Sha256)] : [(model.File, model.Sha256), (model.Derived.File, model.Derived.Sha256)]));
}
