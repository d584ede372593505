using System.Text.Json;
using Semblance.Data;
using Semblance.Galleries.Sqlite;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Models;
using Semblance.Recognition.Services;

namespace Semblance.Recognition.Tests;

public sealed class EnrollerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly OnnxFaceEmbedder _embedder;
    private readonly SqliteGallery _gallery;

    public EnrollerTests()
    {
        _embedder = OnnxFaceEmbedder.Open(new TinyModel().Write(_folder), 1);
        _gallery = SqliteGallery.Open(_folder.File("gallery.db"), _embedder.Card);
    }

    public void Dispose()
    {
        _gallery.Dispose();
        _embedder.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_image_becomes_a_template_of_its_identity()
    {
        EnrolmentReport report = Enrol(FaceFolder.Write(_folder, identities: 3, images: 2));
        Assert.Equal((6, 3, 6, 0), (report.Images, report.NewSubjects, report.NewTemplates, report.AlreadyEnrolled));
        Assert.Empty(report.Skipped);
        Assert.Equal(["person00", "person01", "person02"], _gallery.List().Select(s => s.Name));
        Assert.All(_gallery.List(), s => Assert.Equal(2, s.Templates));
        Assert.Equal("person00/000.ppm", _gallery.ReadTemplates().First().Source);
    }

    [Fact]
    public void Enrolling_again_changes_nothing()
    {
        string root = FaceFolder.Write(_folder, 3, 2);
        Enrol(root);
        EnrolmentReport again = Enrol(root);
        Assert.Equal((0, 0, 6), (again.NewSubjects, again.NewTemplates, again.AlreadyEnrolled));
        Assert.Equal((3, 6), (again.Subjects, again.Templates));
    }

    [Fact]
    public void The_same_image_twice_in_a_folder_is_one_template()
    {
        string root = FaceFolder.Write(_folder, 1, 2);
        File.Copy(FaceFolder.ImagePath(root, 0, 0), FaceFolder.ImagePath(root, 0, 7));
        EnrolmentReport report = Enrol(root);
        Assert.Equal((2, 1), (report.NewTemplates, report.AlreadyEnrolled));
    }

    [Fact]
    public void Unreadable_images_are_skipped_with_a_reason()
    {
        string root = FaceFolder.Write(_folder, 2, 2);
        File.WriteAllText(Path.Combine(root, "person01", "text.jpg"), "no image");
        File.WriteAllBytes(Path.Combine(root, "person01", "cut.ppm"), FaceFolder.Image(1, 9)[..50]);
        EnrolmentReport report = Enrol(root);
        Assert.Equal(4, report.NewTemplates);
        Assert.Equal(["person01/cut.ppm", "person01/text.jpg"], report.Skipped.Select(s => s.Path));
        Assert.All(report.Skipped, s => Assert.NotEmpty(s.Reason));
    }

    [Fact]
    public void Templates_are_the_sum_of_the_crop_and_its_mirror_image()
    {
        string root = FaceFolder.Write(_folder, 1, 1);
        Enrol(root);
        float[] stored = _gallery.ReadTemplates().Single().Embedding;
        float[] expected = EmbeddingExtractor.Embed([ImageDecoder.DecodeFile(FaceFolder.ImagePath(root, 0, 0))], _embedder, flip: true)[0];
        float[] plain = EmbeddingExtractor.Embed([ImageDecoder.DecodeFile(FaceFolder.ImagePath(root, 0, 0))], _embedder, flip: false)[0];
        Assert.Equal(expected, stored);
        Assert.NotEqual(plain, stored);
    }

    [Fact]
    public void Progress_ends_at_the_number_of_images()
    {
        var seen = new Recorder();
        using FaceDataset dataset = FaceDataset.Open(FaceFolder.Write(_folder, 3, 100));
        new Enroller(_embedder, _gallery).Enrol(dataset, progress: seen);
        Assert.Equal([256, 300], seen.Reports.Select(r => r.Done));
    }

    [Fact]
    public void A_cancelled_enrolment_keeps_what_was_committed_and_goes_on_later()
    {
        using FaceDataset dataset = FaceDataset.Open(FaceFolder.Write(_folder, 3, 100));
        using var source = new CancellationTokenSource();
        var enroller = new Enroller(_embedder, _gallery);
        Assert.ThrowsAny<OperationCanceledException>(() => enroller.Enrol(dataset, null, new Recorder { Do = source.Cancel }, source.Token));
        Assert.Equal(256, _gallery.Describe().Templates);
        EnrolmentReport rest = enroller.Enrol(dataset);
        Assert.Equal((44, 256), (rest.NewTemplates, rest.AlreadyEnrolled));
    }

    [Fact]
    public void A_gallery_of_another_model_is_refused()
    {
        using var other = OnnxFaceEmbedder.Open(new TinyModel(seed: 2).Write(_folder, "other.onnx"), 1);
        string message = Assert.Throws<SemblanceException>(() => new Enroller(other, _gallery)).Message;
        Assert.Contains(_embedder.Card.ModelFingerprint[..12], message);
        Assert.Contains(other.Card.ModelFingerprint[..12], message);
    }

    [Fact]
    public void A_model_without_an_embedding_for_a_face_skips_it()
    {
        // A mid-grey image is all zeros after normalisation with mean 128, and so is its embedding.
        var model = new TinyModel();
        model = new TinyModel { Card = model.Card with { Preprocessing = model.Card.Preprocessing with { Mean = 128 } } };
        using var embedder = OnnxFaceEmbedder.Open(model.Write(_folder, "zero.onnx"), 1);
        string root = FaceFolder.Write(_folder, 1, 1);
        byte[] grey = FaceFolder.Image(0, 0);
        Array.Fill(grey, (byte)128, grey.Length - 192, 192);
        File.WriteAllBytes(FaceFolder.ImagePath(root, 0, 5), grey);
        using FaceDataset dataset = FaceDataset.Open(root);
        EnrolmentReport report = new Enroller(embedder, _gallery).Enrol(dataset);
        Assert.Equal(1, report.NewTemplates);
        Assert.Equal("person00/005.ppm", Assert.Single(report.Skipped).Path);
    }

    [Fact]
    public void The_report_is_json_in_snake_case()
    {
        JsonElement json = JsonSerializer.SerializeToElement(Enrol(FaceFolder.Write(_folder, 1, 1)));
        Assert.Equal(
            ["gallery", "images", "new_subjects", "new_templates", "already_enrolled", "skipped", "subjects", "templates", "seconds"],
            json.EnumerateObject().Select(p => p.Name));
    }

    private EnrolmentReport Enrol(string root)
    {
        using FaceDataset dataset = FaceDataset.Open(root);
        return new Enroller(_embedder, _gallery).Enrol(dataset);
    }

    private sealed class Recorder : IProgress<WorkProgress>
    {
        public List<WorkProgress> Reports { get; } = [];

        public Action? Do { get; init; }

        public void Report(WorkProgress value)
        {
            Reports.Add(value);
            Do?.Invoke();
        }
    }
}
