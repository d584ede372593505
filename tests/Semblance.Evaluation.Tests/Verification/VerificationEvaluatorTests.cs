using System.Text.Json;
using Semblance.Data;
using Semblance.Evaluation.Protocols;
using Semblance.Evaluation.Verification;
using Semblance.Imaging;
using Semblance.Models;

namespace Semblance.Evaluation.Tests.Verification;

public class VerificationEvaluatorTests
{
    private const string TwoFolds = "2\t1\nAnn\t1\t2\nAnn\t1\tBob\t3\nCid\t1\t2\nCid\t1\tDan\t1\n";

    [Fact]
    public void People_that_differ_in_their_pixels_are_told_apart()
    {
        using var faces = Faces();
        using FaceDataset dataset = faces.Open();
        VerificationReport report = VerificationEvaluator.Evaluate(dataset, LfwPairs.Read(faces.Write("pairs.txt", TwoFolds)), new PixelBaseline(16, 16));
        Assert.Equal((1.0, 0.0), (report.Auc, report.Eer));
        Assert.Equal((4, 2, 2, 6), (report.Pairs, report.GenuinePairs, report.ImpostorPairs, report.Images));
        Assert.Equal(["Ann/Ann_0001.pgm", "Ann/Ann_0001.pgm", "Cid/Cid_0001.pgm", "Cid/Cid_0001.pgm"], report.ScoredPairs.Select(p => p.First));
        Assert.All(report.ScoredPairs, p => Assert.Equal(p.Same, p.Score > 0.9));
    }

    [Fact]
    public void Chosen_folds_alone_are_embedded_and_keep_their_numbers()
    {
        using var faces = Faces();
        using FaceDataset dataset = faces.Open();
        LfwPairs pairs = LfwPairs.Read(faces.Write("pairs.txt", TwoFolds));
        VerificationReport report = VerificationEvaluator.Evaluate(dataset, pairs, new PixelBaseline(16, 16), new VerificationOptions { Folds = [2] });
        Assert.Equal((2, 3, true), (report.Pairs, report.Images, report.AccuracyOptimistic));
        Assert.Equal(2, Assert.Single(report.Folds).Fold);
        Assert.Throws<UsageException>(() => VerificationEvaluator.Evaluate(dataset, pairs, new PixelBaseline(16, 16), new VerificationOptions { Folds = [3] }));
    }

    [Fact]
    public void A_missing_image_is_named_with_the_line_of_the_pairs_file()
    {
        using var faces = Faces();
        using FaceDataset dataset = faces.Open();
        string path = faces.Write("pairs.txt", "1\nAnn 1 2\nAnn 1 Zoe 1\n");
        var e = Assert.Throws<SemblanceException>(() => VerificationEvaluator.Evaluate(dataset, LfwPairs.Read(path), new PixelBaseline()));
        Assert.StartsWith($"{path}: line 3: names 'Zoe/Zoe_0001', which is not in ", e.Message, StringComparison.Ordinal);
        path = faces.Write("pairs.txt", "1\nAnn 1 7\nAnn 1 Bob 1\n");
        e = Assert.Throws<SemblanceException>(() => VerificationEvaluator.Evaluate(dataset, LfwPairs.Read(path), new PixelBaseline()));
        Assert.Contains("line 2: names 'Ann/Ann_0007'", e.Message, StringComparison.Ordinal);
        Assert.Contains("The folder 'Ann/' is there, with 2 other images.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_image_is_named_with_the_line_of_the_pairs_file()
    {
        using var faces = Faces();
        File.WriteAllText(Path.Combine(faces.Root, "Bob", "Bob_0003.pgm"), "no image");
        using FaceDataset dataset = faces.Open();
        string path = faces.Write("pairs.txt", TwoFolds);
        var e = Assert.Throws<SemblanceException>(() => VerificationEvaluator.Evaluate(dataset, LfwPairs.Read(path), new PixelBaseline()));
        Assert.StartsWith($"{path}: line 3: its image cannot be read: Bob/Bob_0003.pgm", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_photograph_without_a_face_never_matches_and_is_reported()
    {
        using var faces = Faces();
        using FaceDataset dataset = FaceDataset.Open(faces.Root, new FaceDatasetOptions { Cropper = new Blind("Bob/Bob_0003.pgm") });
        VerificationReport report = VerificationEvaluator.Evaluate(dataset, LfwPairs.Read(faces.Write("pairs.txt", TwoFolds)), new PixelBaseline(16, 16));
        Assert.Equal(new UnreadableImage("Bob/Bob_0003.pgm", "no face found") { HasNoFace = true }, Assert.Single(report.FailuresToAcquire));
        Assert.Equal(-1, report.ScoredPairs[1].Score);
        Assert.True(report.ScoredPairs[0].Score > 0.9);
    }

    [Fact]
    public void Files_that_differ_in_their_extension_only_are_ambiguous_unless_the_pair_gives_it()
    {
        using var faces = Faces();
        File.Copy(Path.Combine(faces.Root, "Ann", "Ann_0001.pgm"), Path.Combine(faces.Root, "Ann", "Ann_0001.ppm"));
        using FaceDataset dataset = faces.Open();
        var e = Assert.Throws<SemblanceException>(() =>
            VerificationEvaluator.Evaluate(dataset, LfwPairs.Read(faces.Write("pairs.txt", TwoFolds)), new PixelBaseline()));
        Assert.Contains("could be 'Ann/Ann_0001.pgm' or 'Ann/Ann_0001.ppm'", e.Message, StringComparison.Ordinal);
        LfwPairs exact = LfwPairs.Read(faces.Write("pairs.txt", "Ann/Ann_0001.pgm\tAnn/Ann_0002.pgm\t1\nAnn/Ann_0001.pgm\tBob/Bob_0001.pgm\t0\n"));
        Assert.Equal(2, VerificationEvaluator.Evaluate(dataset, exact, new PixelBaseline(16, 16)).Pairs);
    }

    [Fact]
    public void Nan_embeddings_are_refused_with_their_number()
    {
        using var faces = Faces();
        using FaceDataset dataset = faces.Open();
        var e = Assert.Throws<SemblanceException>(() =>
            VerificationEvaluator.Evaluate(dataset, LfwPairs.Read(faces.Write("pairs.txt", TwoFolds)), new BrokenEmbedder()));
        Assert.Contains("6 of 6 embeddings hold NaN", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_json_carries_the_promised_names()
    {
        using var faces = Faces();
        using FaceDataset dataset = faces.Open();
        VerificationReport report = VerificationEvaluator.Evaluate(dataset, LfwPairs.Read(faces.Write("pairs.txt", TwoFolds)), new PixelBaseline(16, 16));
        foreach (string json in new[] { report.ToJson(), JsonSerializer.Serialize(report) })
        {
            JsonElement root = JsonDocument.Parse(json).RootElement;
            Assert.Equal(
                ["accuracy", "accuracy_optimistic", "accuracy_standard_error", "auc", "eer", "eer_threshold", "failures_to_acquire", "flip", "folds", "genuine_pairs", "images", "images_per_second", "impostor_pairs", "pairs", "seconds", "tar_at_far", "threshold"],
                root.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
            Assert.Equal(["1e-1", "1e-2", "1e-3", "1e-4"], root.GetProperty("tar_at_far").EnumerateObject().Select(p => p.Name));
            JsonElement point = root.GetProperty("tar_at_far").GetProperty("1e-1");
            Assert.Equal((false, 2, 1.0), (point.GetProperty("supported").GetBoolean(), point.GetProperty("impostor_pairs").GetInt32(), point.GetProperty("tar").GetDouble()));
            Assert.Equal(2, root.GetProperty("folds").GetArrayLength());
        }
    }

    [Fact]
    public void Raw_pixels_of_faces_are_a_weak_verifier()
    {
        using FaceDataset dataset = FaceDataset.Open(SharedFiles.FindOrSkip("data/lfw-112.zip"));
        LfwPairs pairs = LfwPairs.Read(SharedFiles.FindOrSkip("data/lfw-pairs.txt"));
        VerificationReport report = VerificationEvaluator.Evaluate(dataset, pairs, new PixelBaseline(28, 28), new VerificationOptions { Folds = [9, 10] });
        Assert.Equal((1200, 600), (report.Pairs, report.GenuinePairs));
        Assert.Equal([9, 10], report.Folds.Select(f => f.Fold));
        Assert.InRange(report.Accuracy, 0.58, 0.70);
    }

    private static FaceFolder Faces()
    {
        var faces = new FaceFolder();
        faces.Add("Ann", 2);
        faces.Add("Bob", 3);
        faces.Add("Cid", 2);
        faces.Add("Dan", 1);
        return faces;
    }

    private sealed class BrokenEmbedder : IFaceEmbedder
    {
        public ModelCard Card { get; } = new() { EmbeddingSize = 4, Backbone = "broken", Loss = "none", ModelFingerprint = "" };

        public void Embed(ReadOnlySpan<float> pixels, int count, Span<float> embeddings) => embeddings.Fill(float.NaN);

        public void Dispose()
        {
        }
    }

    /// <summary>Finds a face in every photo but one.</summary>
    private sealed class Blind(string to) : IFaceCropper
    {
        public PixelBuffer Crop(PixelBuffer photo, string name) =>
            name == to ? throw new UnreadableImageException(name, "no face found") { HasNoFace = true } : photo;
    }
}
