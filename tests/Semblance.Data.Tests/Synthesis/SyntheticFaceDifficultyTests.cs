using Semblance.Data.Synthesis;
using Semblance.Numerics;

namespace Semblance.Data.Tests.Synthesis;

/// <summary>Pixels and colours must not tell people apart, or a recogniser trained on these faces would prove nothing.</summary>
public sealed class SyntheticFaceDifficultyTests
{
    private const int People = 60;
    private const int ImagesEach = 10;
    private const int Size = 112;
    private const int Grid = 32;
    private const double Bar = 0.70;

    [Fact]
    public void Neither_pixels_nor_mean_colour_separate_pairs()
    {
        var faces = new SyntheticFaces(new SyntheticFaceOptions { Identities = People, ImagesPerIdentity = ImagesEach, Size = Size });
        byte[][] images = new byte[People * ImagesEach][];
        Parallel.For(0, images.Length, i => images[i] = faces.Render(i / ImagesEach, i % ImagesEach).Data);

        float[][] pixels = images.Select(image => Array.ConvertAll(image, x => (float)x)).ToArray();
        float[][] grey = images.Select(Grey).ToArray();
        Assert.InRange(Accuracy(pixels, Cosine), 0.5, Bar);
        Assert.InRange(Accuracy(pixels.Select(Centred).ToArray(), Cosine), 0.5, Bar);
        Assert.InRange(Accuracy(grey, Cosine), 0.5, Bar);
        Assert.InRange(Accuracy(grey.Select(Centred).ToArray(), Cosine), 0.5, Bar);
        Assert.InRange(Accuracy(images.Select(MeanColour).ToArray(), (a, b) => -Distance(a, b)), 0.5, Bar);
    }

    // The best threshold over 600 pairs of one person and 600 of two.
    private static double Accuracy(float[][] features, Func<float[], float[], float> similarity)
    {
        var random = new CountedRandom(11);
        var scores = new List<(float Score, bool Same)>();
        for (int i = 0; i < 600; i++)
        {
            int person = i % People;
            int image = random.NextInt(ImagesEach);
            int another = (image + 1 + random.NextInt(ImagesEach - 1)) % ImagesEach;
            int stranger = (person + 1 + random.NextInt(People - 1)) % People;
            float[] probe = features[(person * ImagesEach) + image];
            scores.Add((similarity(probe, features[(person * ImagesEach) + another]), true));
            scores.Add((similarity(probe, features[(stranger * ImagesEach) + random.NextInt(ImagesEach)]), false));
        }

        int right = 600;
        int best = right;
        foreach ((_, bool same) in scores.OrderByDescending(x => x.Score))
        {
            right += same ? 1 : -1;
            best = Math.Max(best, right);
        }

        return best / 1200.0;
    }

    private static float Cosine(float[] a, float[] b) => Similarity.Cosine(a, b);

    private static float Distance(float[] a, float[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();

    private static float[] Centred(float[] values)
    {
        float mean = values.Average();
        return Array.ConvertAll(values, x => x - mean);
    }

    private static float[] MeanColour(byte[] image) =>
        Enumerable.Range(0, 3).Select(c => (float)Enumerable.Range(0, Size * Size).Average(i => image[(i * 3) + c])).ToArray();

    private static float[] Grey(byte[] image)
    {
        float[] sums = new float[Grid * Grid];
        int[] counts = new int[Grid * Grid];
        for (int i = 0; i < Size * Size; i++)
        {
            int cell = (i / Size * Grid / Size * Grid) + (i % Size * Grid / Size);
            sums[cell] += (0.299f * image[i * 3]) + (0.587f * image[(i * 3) + 1]) + (0.114f * image[(i * 3) + 2]);
            counts[cell]++;
        }

        return sums.Zip(counts, (sum, count) => sum / count).ToArray();
    }
}
