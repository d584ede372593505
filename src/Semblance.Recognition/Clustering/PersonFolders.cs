using Semblance.Data;
using Semblance.IO;

namespace Semblance.Recognition.Clustering;

/// <summary>
/// Copies photos into a folder for each person (person-0001, …) and one for the rest (alone). A photo of several people is copied to each of them; it
/// is in "alone" only where none of its faces is in a group.
/// </summary>
public static class PersonFolders
{
    /// <summary>The folder of photos whose faces are all alone.</summary>
    public const string Alone = "alone";

    /// <summary>The folder of a group.</summary>
    /// <param name="group">Its number, from 1.</param>
    public static string NameOf(int group) => $"person-{group:0000}";

    /// <summary>Copies.</summary>
    /// <param name="photos">The photographs.</param>
    /// <param name="faces">Their faces.</param>
    /// <param name="groups">Their groups.</param>
    /// <param name="folder">Where the folders are made.</param>
    /// <param name="progress">Told of photos copied.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Number of files written.</returns>
    /// <exception cref="SemblanceException">A photo is gone, or a file cannot be written.</exception>
    public static int Copy(
        PhotoCollection photos, IReadOnlyList<CollectedFace> faces, FaceGroups groups, string folder, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(photos);
        ArgumentNullException.ThrowIfNull(faces);
        ArgumentNullException.ThrowIfNull(groups);
        ILookup<string, int> groupsOf = faces.Select((face, i) => (face.Photo, Group: groups.GroupOf(i))).ToLookup(f => f.Photo, f => f.Group, StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        int written = 0;
        for (int photo = 0; photo < photos.Names.Count; photo++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string name = photos.Names[photo];
            int[] people = [.. groupsOf[name].Distinct().Order()];
            string[] targets = people switch
            {
                [] => [],
                [0] => [Alone],
                _ => [.. people.Where(group => group > 0).Select(NameOf)],
            };
            byte[] bytes = targets.Length > 0 ? photos.ReadBytes(photo) : [];
            foreach (string target in targets)
            {
                AtomicFile.Write(Path.Combine(folder, FreeName(target, name, taken)), stream => stream.Write(bytes));
                written++;
            }

            progress?.Report(new WorkProgress("copying", photo + 1, photos.Names.Count, "photos"));
        }

        return written;
    }

    // Photos of different folders may bear the same name.
    private static string FreeName(string target, string photo, HashSet<string> taken)
    {
        string file = photo[(photo.LastIndexOf('/') + 1)..];
        string stem = Path.GetFileNameWithoutExtension(file), extension = Path.GetExtension(file);
        string name = Path.Combine(target, file);
        for (int copy = 2; !taken.Add(name); copy++)
        {
            name = Path.Combine(target, $"{stem}-{copy}{extension}");
        }

        return name;
    }
}
