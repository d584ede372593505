using System.Diagnostics;
using Semblance.Cli.Hosting;
using Semblance.Cli.Reporting;
using Semblance.Data;
using Semblance.Evaluation.Clustering;
using Semblance.Evaluation.Reports;
using Semblance.IO;
using Semblance.Models;
using Semblance.Recognition.Clustering;
using Semblance.Recognition.Photos;

namespace Semblance.Cli.Clustering;

/// <summary>From photographs to a folder of groups: collects faces, clusters them, scores them where folders carry names, writes table, page and copies.</summary>
internal sealed class ClusterRun
{
    /// <summary>The report, by which a folder of results is known.</summary>
    public const string ReportName = "clusters.json";

    /// <summary>The table of faces.</summary>
    public const string TableName = "clusters.csv";

    /// <summary>The page.</summary>
    public const string PageName = "index.html";

    private readonly ClusteringOptions _options;
    private readonly IFaceClustering _clustering;
    private readonly CommandContext _context;

    /// <summary>Sets the run up.</summary>
    /// <param name="options">How faces are grouped.</param>
    /// <param name="context">Progress and cancellation.</param>
    /// <exception cref="UsageException">An option is wrong.</exception>
    public ClusterRun(ClusteringOptions options, CommandContext context) =>
        (_options, _clustering, _context) = (options, FaceClusterings.Create(options), context);

    /// <summary>Whether the main face alone is taken of each photo.</summary>
    public bool MainOnly { get; init; }

    /// <summary>Where names come from.</summary>
    public NameSource Names { get; init; }

    /// <summary>Where photos are copied to; null for nowhere.</summary>
    public string? CopyTo { get; init; }

    /// <summary>Does the work.</summary>
    /// <param name="source">The photographs: a folder or a zip archive.</param>
    /// <param name="output">The folder of results.</param>
    /// <param name="model">The model.</param>
    /// <param name="modelName">What it is called.</param>
    /// <param name="cropper">Finds faces; null for crops.</param>
    /// <exception cref="SemblanceException">There is no face, or something cannot be read or written; then nothing is left.</exception>
    public ClusterReport Run(string source, string output, IFaceEmbedder model, string modelName, FaceCropper? cropper)
    {
        if (CopyTo is not null)
        {
            StagedFolder.RequireApart("--out", output, "--copy-to", CopyTo);
        }

        using PhotoCollection photos = PhotoCollection.Open(source);
        using StagedFolder results = StagedFolder.Create("--out", output, source, ReportName, TableName, PageName, FacePictures.Folder);
        using StagedFolder? copies = CopyTo is null ? null : StagedFolder.Create("--copy-to", CopyTo, source);
        long started = Stopwatch.GetTimestamp();
        CollectedFaces collected = new FaceCollector(model, cropper, MainOnly)
            .Collect(photos, (face, crop) => FacePictures.Write(results.Path, face, crop), _context.Progress, _context.CancellationToken);
        double collecting = Stopwatch.GetElapsedTime(started).TotalSeconds;
        IReadOnlyList<CollectedFace> faces = collected.Faces;
        if (faces.Count == 0)
        {
            throw NoFaces(source, photos, collected);
        }

        started = Stopwatch.GetTimestamp();
        ClusteringThreshold threshold = _options.Threshold is { } given
            ? new ClusteringThreshold(given, "--threshold")
            : ClusteringThreshold.For(model.Card, faces.Count, _clustering.StrangerPairs);
        var vectors = new FaceVectors([.. faces.Select(face => face.Embedding)]);
        int[] labels = _clustering.Cluster(vectors, (float)threshold.Value, _context.Progress, _context.CancellationToken);
        FaceGroups groups = FaceGroups.Of(vectors, labels, _options.MinSize);
        double clustering = Stopwatch.GetElapsedTime(started).TotalSeconds;

        string?[] names = NamesOf(photos, faces);
        int[] named = [.. Enumerable.Range(0, faces.Count).Where(face => names[face] is not null)];
        ClusterScores? scores = named.Length > 0 ? ScoresOf(named, names, groups) : null;
        var sheet = new ClusterSheet(faces, groups, face => names[face], source, output);
        var report = new ClusterReport
        {
            Source = source,
            Output = output,
            Model = modelName,
            Algorithm = _clustering.Name,
            Threshold = threshold,
            Neighbours = _clustering is AverageLink ? null : _options.Neighbours,
            Seed = _clustering is ChineseWhispers ? _options.Seed : null,
            MinSize = _options.MinSize,
            Photos = photos.Names.Count,
            Faces = faces.Count,
            RefusedFaces = collected.RefusedFaces,
            Clusters = groups.Groups.Count,
            FacesInClusters = faces.Count - groups.Alone.Count,
            FacesAlone = groups.Alone.Count,
            Largest = groups.Groups.Count > 0 ? groups.Groups[0].Members.Count : 0,
            People = scores is null ? null : named.Select(face => names[face]).Distinct(StringComparer.Ordinal).Count(),
            NamedFaces = scores is null ? null : named.Length,
            Scores = scores,
            Groups = [.. groups.Groups.Zip(sheet.People, (group, person) => new ClusterSummary(
                group.Number, group.Members.Count, Math.Round(group.MeanCosine, 4), faces[group.Medoid].Photo, ClusterPage.MajorityName(person)))],
            WithoutFace = collected.WithoutFace,
            Refused = collected.Refused,
            Unreadable = collected.Unreadable,
            CollectSeconds = Math.Round(collecting, 3),
            ClusterSeconds = Math.Round(clustering, 3),
            PhotosPerSecond = Math.Round(photos.Names.Count / collecting, 1),
        };
        if (copies is not null)
        {
            int copied = PersonFolders.Copy(photos, faces, groups, copies.Path, _context.Progress, _context.CancellationToken);
            report = report with { CopyFolder = CopyTo, Copies = copied };
        }

        AtomicFile.WriteText(Path.Combine(results.Path, TableName), GroupTable.Of(faces, groups, face => names[face], FacePictures.NameOf));
        sheet.ToReport($"{source}: {HtmlText.Count(faces.Count)} faces on {HtmlText.Count(photos.Names.Count)} photos", scores, Facts(report)).Write(Path.Combine(results.Path, PageName));
        AtomicFile.WriteText(Path.Combine(results.Path, ReportName), JsonOutput.Serialise(report));
        _context.CancellationToken.ThrowIfCancellationRequested();
        copies?.Commit();
        results.Commit();
        return report;
    }

    private static SemblanceException NoFaces(string source, PhotoCollection photos, CollectedFaces collected)
    {
        string first = collected.Unreadable.Concat(collected.Refused).Select(image => $"{image.Path}: {image.Reason}")
            .Concat(collected.WithoutFace.Select(photo => $"{photo}: no face found in it")).First();
        return new SemblanceException($"{source}: none of its {photos.Names.Count} images has a face to cluster; the first: {first}");
    }

    private string?[] NamesOf(PhotoCollection photos, IReadOnlyList<CollectedFace> faces)
    {
        if (FolderNames.Of(photos.Names, Names) is not { } byPhoto)
        {
            return new string?[faces.Count];
        }

        var names = photos.Names.Zip(byPhoto).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        return [.. faces.Select(face => face.Number == 1 ? names[face.Photo] : null)];
    }

    private static ClusterScores ScoresOf(int[] named, string?[] names, FaceGroups groups)
    {
        var numbers = named.Select(face => names[face]!).Distinct(StringComparer.Ordinal).Index().ToDictionary(n => n.Item, n => n.Index, StringComparer.Ordinal);

        // Zero is no group: those faces are each alone, which the scores write as a negative number.
        return ClusterScores.Of([.. named.Select(face => numbers[names[face]!])], [.. named.Select(face => groups.GroupOf(face) is var group and > 0 ? group : -1)]);
    }

    private static List<(string Name, string Value)> Facts(ClusterReport report)
    {
        var facts = new List<(string, string)>
        {
            ("Photos", $"{report.Source}: {HtmlText.Count(report.Photos)}, of which {HtmlText.Count(report.WithoutFace.Count)} without a face, {HtmlText.Count(report.Refused.Count)} refused, {HtmlText.Count(report.Unreadable.Count)} unreadable"),
            ("Model", report.Model),
            ("Algorithm", report.Algorithm + (report.Neighbours is { } neighbours ? $", {neighbours} neighbours" : "") + (report.Seed is { } seed ? $", seed {seed}" : "")),
            ("Threshold", $"{Figures.Number(report.Threshold.Value)} ({report.Threshold.Origin})"),
        };
        if (report.People is { } people)
        {
            facts.Add(("Names", $"from the folders: {HtmlText.Count(people)} people; a name belongs to the main face of a photo, and the scores are about the {HtmlText.Count(report.NamedFaces ?? 0)} faces that have one"));
        }

        facts.Add(("Time", $"{Figures.Duration(TimeSpan.FromSeconds(report.CollectSeconds))} for faces ({Figures.Rate(report.PhotosPerSecond)} photos/s), {Figures.Duration(TimeSpan.FromSeconds(report.ClusterSeconds))} for groups"));
        return facts;
    }
}
