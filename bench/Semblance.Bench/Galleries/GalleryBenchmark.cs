using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Semblance.Numerics;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;

namespace Semblance.Bench.Galleries;

/// <summary>
/// Enrols 10,000 templates of 512 floats (2,500 people, 4 images each) into a store, then searches for 500 further images of these people:
/// one by one, and 64 at a time; and compares the first ten subjects with those of an exact search. Say the store, and where it is if it
/// shall not be made: <c>galleries redis redis://host:port</c>.
/// </summary>
internal static class GalleryBenchmark
{
    private const int Size = 512, People = 2500, Images = 4, Probes = 500, Top = 10, EnrolledAtOnce = 256, SearchedAtOnce = 64;

    // Two images of a person have a cosine of about 1 / (1 + Spread²) = 0.41, as those of a good model in hard light.
    private const double Spread = 1.2;

    private static readonly IReadOnlyDictionary<string, Func<GalleryModel, string?, BenchedStore>> Stores = new Dictionary<string, Func<GalleryModel, string?, BenchedStore>>
    {
        ["sqlite"] = SqliteStore.Open,
        ["redis"] = RedisStore.Open,
    };

    public static void Run(string[] args)
    {
        string[] chosen = args.Length > 0 ? [args[0]] : [.. Stores.Keys];
        Console.WriteLine("store      enrolled/s   first search   one by one/s   64 at once/s   recall@10   remove");
        foreach (string name in chosen)
        {
            using BenchedStore store = Stores[name](new GalleryModel("bench", "none", "none", Size), args.Length > 1 ? args[1] : null);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-10} {Measure(store.Gallery)}"));
        }
    }

    private static string Measure(IGallery gallery)
    {
        float[][] centres = [.. Enumerable.Range(0, People).Select(i => Gaussian((ulong)i))];
        NewTemplate[] templates = [.. Enumerable.Range(0, People * Images).Select(i =>
            new NewTemplate($"person {i % People}", Image(centres[i % People], i), $"{i}.jpg", SHA256.HashData(BitConverter.GetBytes(i))))];
        var watch = Stopwatch.StartNew();
        foreach (NewTemplate[] batch in templates.Chunk(EnrolledAtOnce))
        {
            gallery.Enrol(batch);
        }

        double enrol = templates.Length / watch.Elapsed.TotalSeconds;
        float[] probes = [.. Enumerable.Range(0, Probes).SelectMany(i => Image(centres[i * 5 % People], 1_000_000 + i))];
        watch.Restart();
        gallery.Search(probes.AsSpan(0, Size), 1, Top);
        double first = watch.Elapsed.TotalMilliseconds;
        watch.Restart();
        for (int i = 0; i < Probes; i++)
        {
            gallery.Search(probes.AsSpan(i * Size, Size), 1, Top);
        }

        double one = Probes / watch.Elapsed.TotalSeconds;
        watch.Restart();
        var found = new List<SubjectMatch[]>();
        for (int i = 0; i < Probes; i += SearchedAtOnce)
        {
            int count = Math.Min(SearchedAtOnce, Probes - i);
            found.AddRange(gallery.Search(probes.AsSpan(i * Size, count * Size), count, Top));
        }

        double many = Probes / watch.Elapsed.TotalSeconds;
        SubjectMatch[][] exact = gallery.LoadIndex().SearchBatch(probes, Probes, Top);
        double recall = exact.Zip(found).Sum(pair => pair.First.Count(e => pair.Second.Any(m => m.SubjectId == e.SubjectId))) / (double)(Probes * Top);
        watch.Restart();
        gallery.Remove("person 7");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{enrol,10:0}   {first,9:0.0} ms   {one,12:0}   {many,12:0}   {recall,9:0.0000}   {watch.Elapsed.TotalMilliseconds,4:0} ms");
    }

    private static float[] Gaussian(ulong seed)
    {
        var random = new CountedRandom(seed);
        return [.. Enumerable.Range(0, Size).Select(_ => (float)random.NextGaussian())];
    }

    private static float[] Image(float[] centre, int seed)
    {
        float[] noise = Gaussian(1_000_000_000UL + (ulong)seed);
        float[] image = [.. centre.Zip(noise, (c, n) => (float)(c + (Spread * n)))];
        float length = MathF.Sqrt(image.Sum(v => v * v));
        return [.. image.Select(v => v / length)];
    }
}
