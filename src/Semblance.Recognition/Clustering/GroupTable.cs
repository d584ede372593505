using System.Globalization;
using System.Text;

namespace Semblance.Recognition.Clustering;

/// <summary>
/// Faces and their groups as CSV (RFC 4180, UTF-8): photo, face, left, top, right, bottom, cluster (0: alone), medoid (1 or 0), cosine_to_medoid,
/// name, picture. The box is in pixels of the upright photo, empty for crops.
/// </summary>
public static class GroupTable
{
    /// <summary>The table's heading.</summary>
    public const string Heading = "photo,face,left,top,right,bottom,cluster,medoid,cosine_to_medoid,name,picture";

    /// <summary>The table, a line for each face in their order.</summary>
    /// <param name="faces">The faces.</param>
    /// <param name="groups">Their groups.</param>
    /// <param name="name">The name of a face; null where it has none.</param>
    /// <param name="picture">The file that shows a face.</param>
    public static string Of(IReadOnlyList<CollectedFace> faces, FaceGroups groups, Func<int, string?> name, Func<int, string> picture)
    {
        ArgumentNullException.ThrowIfNull(faces);
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(picture);
        var medoids = groups.Groups.Select(group => group.Medoid).ToHashSet();
        StringBuilder table = new StringBuilder(Heading).Append("\r\n");
        for (int i = 0; i < faces.Count; i++)
        {
            CollectedFace face = faces[i];
            string box = face.Box is { } b ? string.Create(CultureInfo.InvariantCulture, $"{b.Left:0.#},{b.Top:0.#},{b.Right:0.#},{b.Bottom:0.#}") : ",,,";
            table.Append(CultureInfo.InvariantCulture, $"{Quoted(face.Photo)},{face.Number},{box},{groups.GroupOf(i)},{(medoids.Contains(i) ? 1 : 0)},{groups.CosineToMedoid(i):0.0000},{Quoted(name(i) ?? "")},{picture(i)}\r\n");
        }

        return table.ToString();
    }

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
