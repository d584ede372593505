using System.Security.Cryptography;
using Semblance.Recognition.Galleries;

namespace Semblance.Galleries.Redis.Tests;

/// <summary>Templates that look like a model's, without one.</summary>
internal static class Faces
{
    public const int Size = 64;

    public static GalleryModel Model { get; } = new("aa11bb22cc33dd44", "tiny", "arcface", Size);

    public static NewTemplate New(string subject, int seed) => new(subject, Embedding(seed), $"{subject}/{seed}.jpg", SHA256.HashData(BitConverter.GetBytes(seed)));

    /// <summary>A key that nobody had before.</summary>
    public static TemplateKeyRing NewKeys() => TemplateKeyRing.Of(RandomNumberGenerator.GetBytes(TemplateKeyRing.KeyBytes));

    public static float[] Embedding(int seed)
    {
        var random = new Numerics.CountedRandom((ulong)seed);
        return [.. Enumerable.Range(0, Size).Select(_ => (float)random.NextGaussian())];
    }
}
