using System.Globalization;
using Semblance.Evaluation.Clustering;
using Semblance.Evaluation.Reports;
using Semblance.Recognition.Clustering;

namespace Semblance.Cli.Clustering;

/// <summary>Shows groups, which recognition makes, on the page, which evaluation draws.</summary>
internal sealed class ClusterSheet
{
    private readonly IReadOnlyList<CollectedFace> _faces;
    private readonly FaceGroups _groups;
    private readonly Func<int, string?> _nameOf;
    private readonly string? _linkRoot;

    /// <summary>Describes what is shown.</summary>
    /// <param name="faces">The faces.</param>
    /// <param name="groups">Their groups.</param>
    /// <param name="nameOf">A face's name; null where it has none.</param>
    /// <param name="source">The photographs.</param>
    /// <param name="output">Where the page will lie; photos are linked where they lie in a folder.</param>
    public ClusterSheet(IReadOnlyList<CollectedFace> faces, FaceGroups groups, Func<int, string?> nameOf, string source, string output)
    {
        (_faces, _groups, _nameOf) = (faces, groups, nameOf);
        _linkRoot = Directory.Exists(source) ? Path.GetRelativePath(Path.GetFullPath(output), Path.GetFullPath(source)).Replace('\\', '/') : null;
        People = [.. groups.Groups.Select(group => new ClusteredPerson(group.Number, group.MeanCosine, [.. group.Members.Select(View)]))];
    }

    /// <summary>The groups.</summary>
    public IReadOnlyList<ClusteredPerson> People { get; }

    /// <summary>The page.</summary>
    /// <param name="subtitle">What was clustered.</param>
    /// <param name="scores">How groups agree with names; null where there are none.</param>
    /// <param name="facts">What a reader needs to know of the run.</param>
    public HtmlReport ToReport(string subtitle, ClusterScores? scores, IReadOnlyList<(string Name, string Value)> facts) =>
        new ClusterPage(People, [.. _groups.Alone.Select(View)]) { Subtitle = subtitle, Scores = scores, Facts = facts }.ToReport();

    private ClusteredFaceView View(int face)
    {
        CollectedFace found = _faces[face];
        string photo = found.Box is { } box
            ? string.Create(CultureInfo.InvariantCulture, $"{found.Photo}, face {found.Number} at {box.Left:F0},{box.Top:F0}")
            : found.Photo;
        return new ClusteredFaceView(FacePictures.NameOf(face), photo, _groups.CosineToMedoid(face), _nameOf(face), Link(found.Photo));
    }

    private string? Link(string photo) =>
        _linkRoot is null ? null : string.Join('/', $"{_linkRoot}/{photo}".Split('/').Select(part => part == ".." ? part : Uri.EscapeDataString(part)));
}
