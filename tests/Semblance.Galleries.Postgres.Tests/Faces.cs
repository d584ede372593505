using System.Security.Cryptography;
using System.Text;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Postgres.Tests;

/// <summary>Models and templates for tests.</summary>
internal static class Faces
{
    public static GalleryModel Model(int embeddingSize = 64) => new(new string('a', 64), "toy", "arcface", embeddingSize);

    /// <summary>A key that nobody had before.</summary>
    public static TemplateKeyRing NewKey() => TemplateKeyRing.Of(RandomNumberGenerator.GetBytes(TemplateKeyRing.KeyBytes));

    public static float[] Embedding(int seed, int size = 64)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, size).Select(_ => (float)((random.NextDouble() * 2) - 1))];
    }

    /// <summary>An embedding near another, as another photo of the same person has it.</summary>
    public static float[] Near(float[] embedding, int seed, double noise = 0.4)
    {
        var random = new Random(seed);
        return [.. embedding.Select(v => v + (float)(noise * ((random.NextDouble() * 2) - 1)))];
    }

    public static NewTemplate Template(string subject, float[] embedding, string source = "photo.jpg", SubjectDetails? details = null) =>
        new(subject, embedding, source, SHA256.HashData(Encoding.UTF8.GetBytes($"{subject}/{source}/{embedding[0]:R}"))) { Details = details };

    /// <summary>One template of each of many people, numbered.</summary>
    public static NewTemplate[] People(int count, int size = 64, int first = 0) =>
        [.. Enumerable.Range(first, count).Select(i => Template($"person {i:00000}", Embedding(i, size), $"{i}.jpg"))];
}
