using System.Text.Json;
using Semblance.Recognition.Models;
using Semblance.Recognition.Services;

namespace Semblance.Recognition.Tests;

public sealed class VerifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_same_person_passes_the_threshold_and_another_does_not()
    {
        var thresholds = new Dictionary<string, double> { ["eer"] = 0.95 };
        Verification same = Verify(thresholds, Face(1, 0), Face(1, 1));
        Verification other = Verify(thresholds, Face(1, 0), Face(2, 0));
        Assert.True(same.Same);
        Assert.False(other.Same);
        Assert.True(same.Cosine > other.Cosine);
        Assert.Equal(new MatchThreshold("eer", 0.95), same.Threshold);
    }

    [Fact]
    public void An_image_is_itself() => Assert.Equal(1f, Verify([], Face(3, 0), Face(3, 0)).Cosine, 1e-6f);

    [Fact]
    public void A_card_without_threshold_decides_nothing()
    {
        Verification result = Verify([], Face(1, 0), Face(1, 1));
        Assert.Null(result.Same);
        Assert.Null(result.Threshold);
    }

    [Fact]
    public void An_unreadable_image_is_named()
    {
        string text = _folder.File("text.jpg");
        File.WriteAllText(text, "no image");
        Assert.StartsWith(text, Assert.ThrowsAny<SemblanceException>(() => Verify([], Face(1, 0), text)).Message);
        string missing = _folder.File("missing.jpg");
        Assert.StartsWith(missing, Assert.ThrowsAny<SemblanceException>(() => Verify([], missing, text)).Message);
    }

    [Fact]
    public void The_result_is_json_in_snake_case()
    {
        JsonElement json = JsonSerializer.SerializeToElement(Verify([], Face(1, 0), Face(1, 1)));
        Assert.Equal(["first", "second", "cosine", "same", "threshold"], json.EnumerateObject().Select(p => p.Name));
    }

    private string Face(int identity, int image)
    {
        string path = _folder.File($"{identity}-{image}.ppm");
        File.WriteAllBytes(path, FaceFolder.Image(identity, image));
        return path;
    }

    private Verification Verify(Dictionary<string, double> thresholds, string first, string second)
    {
        using var embedder = OnnxFaceEmbedder.Open(TinyModel.WithThresholds(thresholds).Write(_folder), 1);
        return new Verifier(embedder).Verify(first, second);
    }
}
