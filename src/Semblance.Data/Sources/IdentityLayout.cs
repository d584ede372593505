namespace Semblance.Data.Sources;

/// <summary>One image file found in a source, by the identity it belongs to.</summary>
internal readonly record struct FoundImage(int File, string Path, string Identity);

/// <summary>
/// Tells identities from file names: the identity is the name of the folder that holds the image, wherever that folder lies; images beside
/// the identity folders belong to nobody.
/// </summary>
internal sealed class IdentityLayout
{
    private IdentityLayout(List<FoundImage> images, List<string> withoutIdentity) => (Images, WithoutIdentity) = (images, withoutIdentity);

    /// <summary>Images of identities; paths are "identity/file".</summary>
    public List<FoundImage> Images { get; }

    /// <summary>Images that lie beside the identity folders.</summary>
    public List<string> WithoutIdentity { get; }

    /// <summary>Sorts a listing out.</summary>
    /// <param name="names">File names relative to the source, with '/' between the parts.</param>
    /// <param name="source">The source's name, for messages.</param>
    /// <exception cref="SemblanceException">Two folders in different places bear the same name.</exception>
    public static IdentityLayout Read(IEnumerable<string> names, string source)
    {
        (int File, string Name, string Folder)[] files =
            [.. names.Select((name, file) => (File: file, Name: name, Folder: FolderOf(name))).Where(f => ImageDecoder.HasImageExtension(f.Name) && !IsHidden(f.Name))];
        string root = CommonFolder(files.Select(f => f.Folder).Distinct());
        bool onlyOne = files.All(f => f.Folder == root);
        var images = new List<FoundImage>(files.Length);
        var withoutIdentity = new List<string>();
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((int file, string name, string folder) in files)
        {
            if (folder.Length == 0 || (folder == root && !onlyOne))
            {
                withoutIdentity.Add(name);
                continue;
            }

            string identity = folder[(folder.LastIndexOf('/') + 1)..];
            if (!folders.TryAdd(identity, folder) && folders[identity] != folder)
            {
                throw new SemblanceException(
                    $"{source}: the identity '{identity}' has two folders, '{folders[identity]}' and '{folder}'; open one of the folders above them, rename one, or name the images in a list file.");
            }

            images.Add(new FoundImage(file, $"{identity}/{name[(name.LastIndexOf('/') + 1)..]}", identity));
        }

        return new IdentityLayout(images, withoutIdentity);
    }

    private static string FolderOf(string name) => name.LastIndexOf('/') is var slash and > 0 ? name[..slash] : "";

    /// <summary>Whether editors or archivers left the file: previews and metadata of their own, with image extensions.</summary>
    public static bool IsHidden(string name) =>
        name[0] == '.' || name.Contains("/.", StringComparison.Ordinal)
        || name.StartsWith("__MACOSX/", StringComparison.Ordinal) || name.Contains("/__MACOSX/", StringComparison.Ordinal);

    private static string CommonFolder(IEnumerable<string> folders)
    {
        string[]? common = null;
        foreach (string folder in folders)
        {
            string[] parts = folder.Split('/', StringSplitOptions.RemoveEmptyEntries);
            common = common is null ? parts : [.. common.Zip(parts).TakeWhile(pair => pair.First == pair.Second).Select(pair => pair.First)];
        }

        return string.Join('/', common ?? []);
    }
}
