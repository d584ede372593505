using Semblance.Evaluation.Verification;
using Semblance.Imaging;
using Semblance.Numerics;

namespace Semblance.Evaluation.Tests.Verification;

public class PixelBaselineTests
{
    [Fact]
    public void Brightness_and_contrast_change_no_similarity()
    {
        var random = new Random(3);
        byte[] face = [.. Enumerable.Range(0, 48).Select(_ => (byte)random.Next(20, 100))];
        byte[] brighter = [.. face.Select(v => (byte)((v * 2) + 30))];
        float[] rows = Embed(new PixelBuffer(4, 4, 3, face), new PixelBuffer(4, 4, 3, brighter));
        Assert.Equal(1f, Similarity.Cosine(rows.AsSpan(0, 16), rows.AsSpan(16)), 1e-5f);
        Assert.Equal(0f, rows[..16].Sum(), 1e-4f);
    }

    [Fact]
    public void A_grey_photo_embeds_as_its_own_deviations_from_the_mean()
    {
        byte[] pixels = [0, 50, 100, 150];
        float[] row = Embed(new PixelBuffer(2, 2, 1, pixels));
        Assert.Equal([-75 / 127.5f, -25 / 127.5f, 25 / 127.5f, 75 / 127.5f], row, (a, b) => Math.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void An_even_photo_has_no_direction()
    {
        float[] row = Embed(new PixelBuffer(2, 2, 1, [9, 9, 9, 9]));
        Assert.All(row, v => Assert.Equal(0, v, 1e-6f));
    }

    private static float[] Embed(params PixelBuffer[] images)
    {
        using var baseline = new PixelBaseline(images[0].Width, images[0].Height);
        int length = baseline.Card.Preprocessing.InputLength;
        float[] input = new float[images.Length * length];
        for (int i = 0; i < images.Length; i++)
        {
            FacePreprocessor.Write(images[i], baseline.Card.Preprocessing, input.AsSpan(i * length, length));
        }

        float[] rows = new float[images.Length * baseline.Card.EmbeddingSize];
        baseline.Embed(input, images.Length, rows);
        return rows;
    }
}
