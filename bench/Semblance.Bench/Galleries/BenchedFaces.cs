using System.Security.Cryptography;
using Semblance.Numerics;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;

namespace Semblance.Bench.Galleries;

/// <summary>Faces to enrol and others to search for: made, or embeddings from a file.</summary>
/// <param name="Count">Templates to enrol.</param>
/// <param name="Size">Floats in an embedding.</param>
/// <param name="Subject">A template's subject.</param>
/// <param name="Embedding">A template's embedding.</param>
/// <param name="Probe">An embedding to search for.</param>
internal sealed record BenchedFaces(int Count, int Size, Func<int, string> Subject, Func<int, float[]> Embedding, Func<int, float[]> Probe)
{
    private const int MadeSize = 512, Images = 4;

    // Two images of a person have a cosine of about 1 / (1 + Spread²) = 0.41, as those of a good model in hard light.
    private const double Spread = 1.2;

    /// <summary>People equally far from each other, four images each, and a further image of every fifth.</summary>
    public static BenchedFaces Make(int count)
    {
        int people = count / Images;
        float[][] centres = [.. Enumerable.Range(0, people).Select(i => Gaussian((ulong)i))];
        return new BenchedFaces(
            people * Images,
            MadeSize,
            i => $"person {i % people}",
            i => Image(centres[i % people], i),
            i => Image(centres[i * 5 % people], 1_000_000_000 + i));
    }

    /// <summary>Rows of a NumPy matrix: evenly spread ones are searched for, the others enrolled, a subject each.</summary>
    public static BenchedFaces Read(string file, int count, int probes)
    {
        using NumpyMatrix matrix = NumpyMatrix.Open(file);
        float[][] rows = new float[Math.Min(matrix.Rows, count + probes)][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new float[matrix.Columns];
            matrix.Read(i, 1, rows[i]);
        }

        int step = rows.Length / probes;
        float[][] searched = [.. rows.Where((_, i) => i % step == 0).Take(probes)], enrolled = [.. rows.Where((_, i) => i % step != 0)];
        return new BenchedFaces(enrolled.Length, rows[0].Length, i => $"row {i}", i => enrolled[i], i => searched[i]);
    }

    public NewTemplate Template(int i) => new(Subject(i), Embedding(i), $"{i}.jpg", SHA256.HashData(BitConverter.GetBytes(i)));

    private static float[] Gaussian(ulong seed)
    {
        var random = new CountedRandom(seed);
        return [.. Enumerable.Range(0, MadeSize).Select(_ => (float)random.NextGaussian())];
    }

    private static float[] Image(float[] centre, int seed)
    {
        float[] noise = Gaussian(10_000_000_000UL + (ulong)seed);
        float[] image = [.. centre.Zip(noise, (c, n) => (float)(c + (Spread * n)))];
        float length = MathF.Sqrt(image.Sum(v => v * v));
        return [.. image.Select(v => v / length)];
    }
}
