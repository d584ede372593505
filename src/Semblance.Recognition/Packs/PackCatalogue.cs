using System.Text.Json;

namespace Semblance.Recognition.Packs;

/// <summary>The packs that this program knows by name, with the hashes that they must have.</summary>
public sealed class PackCatalogue
{
    private PackCatalogue(IReadOnlyList<CataloguePack> packs) => Packs = packs;

    /// <summary>The packs that come with this version of the program.</summary>
    public static PackCatalogue BuiltIn { get; } = ReadBuiltIn();

    /// <summary>The packs.</summary>
    public IReadOnlyList<CataloguePack> Packs { get; }

    /// <summary>Finds a pack.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The pack, or null.</returns>
    public CataloguePack? Find(string name) => Packs.FirstOrDefault(pack => pack.Manifest.Name == name);

    /// <summary>Reads a catalogue.</summary>
    /// <param name="json">A list of packs, each with "npm" and "manifest".</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="SemblanceException">It is no catalogue.</exception>
    public static PackCatalogue Read(ReadOnlySpan<byte> json, string source)
    {
        try
        {
            List<CataloguePack> packs = JsonSerializer.Deserialize<List<CataloguePack>>(json, PackManifestFormat.Json) ?? [];
            foreach (CataloguePack pack in packs)
            {
                PackManifestFormat.Check(pack.Manifest, source);
            }

            return new PackCatalogue(packs);
        }
        catch (JsonException e)
        {
            throw new SemblanceException($"{source}: is no catalogue of model packs: {e.Message}", e);
        }
    }

    private static PackCatalogue ReadBuiltIn()
    {
        const string Name = "Semblance.Recognition.Packs.catalogue.json";
        using Stream stream = typeof(PackCatalogue).Assembly.GetManifestResourceStream(Name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Read(bytes.ToArray(), "catalogue.json");
    }
}
