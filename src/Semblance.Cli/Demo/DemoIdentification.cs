using System.Text;
using Semblance.Data;
using Semblance.Galleries.Sqlite;
using Semblance.IO;
using Semblance.Recognition.Models;
using Semblance.Recognition.Services;

namespace Semblance.Cli.Demo;

/// <summary>What identification found.</summary>
/// <param name="Rank1">The share of probes whose nearest person is the right one.</param>
/// <param name="Probes">Number of probes.</param>
/// <param name="Subjects">People in the gallery.</param>
/// <param name="Templates">Images in the gallery.</param>
internal sealed record DemoIdentification(double Rank1, int Probes, long Subjects, long Templates)
{
    /// <summary>Enrols the first half of each unseen person's images and identifies the other half.</summary>
    /// <param name="folder">The demo's folder.</param>
    /// <param name="unseen">The unseen people's images.</param>
    /// <param name="model">The exported model.</param>
    /// <param name="progress">Told of images.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static DemoIdentification Measure(
        DemoFolder folder, FaceDataset unseen, OnnxFaceEmbedder model, IProgress<WorkProgress> progress, CancellationToken cancellationToken)
    {
        ILookup<bool, FaceImageEntry> halves = unseen.Images
            .GroupBy(image => image.Identity)
            .SelectMany(person => person.Select((image, index) => (Image: image, Enrolled: index < person.Count() / 2)))
            .ToLookup(entry => entry.Enrolled, entry => entry.Image);
        WriteList(folder, unseen, halves[true]);
        using FaceDataset enrolled = FaceDataset.Open(folder.EnrolledList);
        using SqliteGallery gallery = SqliteGallery.Open(folder.Gallery, model.Card);
        EnrolmentReport enrolment = new Enroller(model, gallery).Enrol(enrolled, null, progress, cancellationToken);

        FaceImageEntry[] probes = [.. halves[false]];
        IReadOnlyList<Identification> answers = new Identifier(model, gallery).Identify(
            [.. probes.Select(probe => Path.Combine(folder.UnseenFaces, probe.Path))],
            new IdentificationOptions { Top = 1 },
            progress: progress,
            cancellationToken: cancellationToken);
        int right = answers.Zip(probes).Count(pair =>
            pair.First.Candidates is [var best, ..] && best.Subject == unseen.Identities[pair.Second.Identity]);
        return new DemoIdentification((double)right / probes.Length, probes.Length, enrolment.Subjects, enrolment.Templates);
    }

    private static void WriteList(DemoFolder folder, FaceDataset unseen, IEnumerable<FaceImageEntry> images)
    {
        string prefix = Path.GetFileName(folder.UnseenFaces);
        var text = new StringBuilder();
        foreach (FaceImageEntry image in images)
        {
            text.Append(prefix).Append('/').Append(image.Path).Append(' ').Append(unseen.Identities[image.Identity]).Append('\n');
        }

        AtomicFile.WriteText(folder.EnrolledList, text.ToString());
    }
}
