namespace Semblance.Recognition.Clustering;

/// <summary>Where the names of people come from.</summary>
public enum NameSource
{
    /// <summary>From the folders, where photos lie in at least two folders and none lies beside a folder that holds others.</summary>
    Auto,

    /// <summary>From the folders: a photo bears the name of the folder that holds it.</summary>
    Folder,

    /// <summary>From nowhere.</summary>
    None,
}

/// <summary>
/// Names of people by the folders that hold their photos. A name belongs to the main face of a photo alone: who else is on it, the folder
/// does not say. Folders of the same name in different places are the same person's.
/// </summary>
public static class FolderNames
{
    /// <summary>The name for each photo.</summary>
    /// <param name="photos">Paths with '/' between the parts.</param>
    /// <param name="source">Where names come from.</param>
    /// <returns>A name per photo, null for those beside all folders; null where there are no names.</returns>
    public static IReadOnlyList<string?>? Of(IReadOnlyList<string> photos, NameSource source)
    {
        ArgumentNullException.ThrowIfNull(photos);
        if (source == NameSource.None)
        {
            return null;
        }

        string[] folders = [.. photos.Select(FolderOf)];
        return source == NameSource.Auto && !ArePeople(folders)
            ? null
            : [.. folders.Select(folder => folder.Length > 0 ? folder[(folder.LastIndexOf('/') + 1)..] : null)];
    }

    private static bool ArePeople(string[] folders)
    {
        string[] distinct = [.. folders.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

        // A folder that holds photos and another folder of photos is no person's. Ordinal order may part it from what is below ("a", "a b", "a/c").
        var all = distinct.ToHashSet(StringComparer.Ordinal);
        return distinct.Length >= 2 && distinct[0].Length > 0 && !distinct.Any(folder => Above(folder).Any(all.Contains));
    }

    private static IEnumerable<string> Above(string folder)
    {
        for (int slash = folder.LastIndexOf('/'); slash > 0; slash = folder.LastIndexOf('/', slash - 1))
        {
            yield return folder[..slash];
        }
    }

    private static string FolderOf(string photo) => photo.LastIndexOf('/') is var slash and > 0 ? photo[..slash] : "";
}
