using System.Text.Json;
using Semblance.Data;
using Semblance.Galleries.Sqlite;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Models;
using Semblance.Recognition.Services;

namespace Semblance.Recognition.Tests;

public sealed class IdentifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Unseen_images_find_their_person_first()
    {
        string[] probes = [.. Enumerable.Range(0, 10).Select(i => Probe(i, 5))];
        IReadOnlyList<Identification> answers = Identify(new() { ["fmr=1e-3"] = 0.5, ["eer"] = 0.1 }, 10, 3, probes);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(probes[i], answers[i].Image);
            Assert.Equal($"person{i:00}", answers[i].Candidates[0].Subject);
            Assert.Equal(3, answers[i].Candidates.Count);
            Assert.Equal(3, answers[i].Candidates.Select(c => c.Subject).Distinct().Count());
            Assert.True(answers[i].Match);
            Assert.Equal(new MatchThreshold("fmr=1e-3", 0.5), answers[i].Threshold);
        }
    }

    [Fact]
    public void A_stranger_is_no_match()
    {
        Identification answer = Identify(new() { ["eer"] = 0.9 }, 5, 5, Probe(77, 0))[0];
        Assert.False(answer.Match);
        Assert.Equal("eer", answer.Threshold!.Name);
        Assert.NotEmpty(answer.Candidates);
    }

    [Fact]
    public void A_card_without_threshold_decides_nothing()
    {
        Identification answer = Identify([], 5, 5, Probe(1, 5))[0];
        Assert.Null(answer.Match);
        Assert.Null(answer.Threshold);
        Assert.Equal("person01", answer.Candidates[0].Subject);
    }

    [Fact]
    public void An_unreadable_image_has_its_error_and_disturbs_nobody()
    {
        string text = _folder.File("text.jpg");
        File.WriteAllText(text, "no image");
        IReadOnlyList<Identification> answers = Identify(new() { ["eer"] = 0.5 }, 5, 5, text, Probe(2, 5), _folder.File("missing.png"));
        Assert.Contains("not an image", answers[0].Error);
        Assert.Null(answers[0].Match);
        Assert.Empty(answers[0].Candidates);
        Assert.Equal("person02", answers[1].Candidates[0].Subject);
        Assert.Null(answers[1].Error);
        Assert.NotNull(answers[2].Error);
    }

    [Fact]
    public void An_empty_gallery_matches_nobody()
    {
        Identification answer = Identify(new() { ["eer"] = -1 }, 0, 5, Probe(0, 0))[0];
        Assert.False(answer.Match);
        Assert.Empty(answer.Candidates);
    }

    [Fact]
    public void Top_below_1_is_a_usage_error() => Assert.Throws<UsageException>(() => Identify([], 0, 0, Probe(0, 0)));

    [Fact]
    public void A_gallery_decides_by_its_own_threshold_and_notes_whom_it_saw()
    {
        using var embedder = OnnxFaceEmbedder.Open(TinyModel.WithThresholds(new() { ["eer"] = -1 }).Write(_folder), 1);
        using var gallery = SqliteGallery.Open(_folder.File("gallery.db"), embedder.Card);
        using FaceDataset dataset = FaceDataset.Open(FaceFolder.Write(_folder, 3, 3));
        new Enroller(embedder, gallery).Enrol(dataset);
        var identifier = new Identifier(embedder, gallery);
        var seeing = new IdentificationOptions { MarkSeen = true };
        gallery.Configure(new GallerySettings { Threshold = 1 });
        Identification stranger = identifier.Identify([Probe(0, 5)], seeing)[0];
        Assert.Equal((false, "gallery", 1), (stranger.Match, stranger.Threshold!.Name, stranger.Threshold.Value));
        Assert.All(gallery.List(), subject => Assert.Null(subject.LastSeen));
        gallery.Configure(new GallerySettings { Threshold = -1 });
        Identification known = identifier.Identify([Probe(0, 5)], seeing)[0];
        Assert.True(known.Match);
        Assert.Equal(known.Candidates[0].Subject, Assert.Single(gallery.List(), subject => subject.LastSeen is not null).Name);
        Assert.Empty(identifier.Identify([Probe(0, 5)], new IdentificationOptions { Filter = new GalleryFilter { Metadata = new Dictionary<string, string> { ["site"] = "elsewhere" } } })[0].Candidates);
    }

    [Fact]
    public void Answers_are_json_in_snake_case()
    {
        JsonElement json = JsonSerializer.SerializeToElement(Identify(new() { ["eer"] = 0.5 }, 2, 1, Probe(0, 5))[0]);
        Assert.Equal(["image", "face", "match", "threshold", "candidates", "error"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["name", "value"], json.GetProperty("threshold").EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            ["subject", "subject_id", "cosine", "template_id", "source"], json.GetProperty("candidates")[0].EnumerateObject().Select(p => p.Name));
    }

    private string Probe(int identity, int image)
    {
        string path = _folder.File($"probe-{identity}-{image}.ppm");
        File.WriteAllBytes(path, FaceFolder.Image(identity, image));
        return path;
    }

    private IReadOnlyList<Identification> Identify(Dictionary<string, double> thresholds, int enrolled, int top, params string[] images)
    {
        using var embedder = OnnxFaceEmbedder.Open(TinyModel.WithThresholds(thresholds).Write(_folder), 1);
        using var gallery = SqliteGallery.Open(_folder.File("gallery.db"), embedder.Card);
        if (enrolled > 0)
        {
            using FaceDataset dataset = FaceDataset.Open(FaceFolder.Write(_folder, enrolled, 3));
            new Enroller(embedder, gallery).Enrol(dataset);
        }

        return new Identifier(embedder, gallery).Identify(images, new IdentificationOptions { Top = top });
    }
}
