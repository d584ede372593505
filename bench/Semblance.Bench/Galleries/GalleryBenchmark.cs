using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Semblance.Numerics;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;

namespace Semblance.Bench.Galleries;

/// <summary>
/// Enrols templates of 512 floats (four images a person) into stores, one store after the other; opens each anew, loads it into memory, searches
/// for 512 further images of its people, one by one and 64 at a time, compares the first ten subjects with those of an exact search, and removes
/// people. <c>galleries [count=20000] [stores=sqlite,redis]</c>; a store that is not to be made for the occasion is given with its place:
/// <c>stores=redis=redis://host:port</c>.
/// </summary>
internal static class GalleryBenchmark
{
    private const int Size = 512, Images = 4, Probes = 512, Top = 10, EnrolledAtOnce = 512, SearchedAtOnce = 64, Removed = 3;

    // Two images of a person have a cosine of about 1 / (1 + Spread²) = 0.41, as those of a good model in hard light.
    private const double Spread = 1.2;

    private static readonly IReadOnlyDictionary<string, Func<GalleryModel, string?, BenchedStore>> Stores = new Dictionary<string, Func<GalleryModel, string?, BenchedStore>>
    {
        ["sqlite"] = SqliteStore.Open,
        ["redis"] = RedisStore.Open,
    };

    public static void Run(string[] args)
    {
        int count = int.Parse(Setting(args, "count") ?? "20000", CultureInfo.InvariantCulture);
        string[] chosen = (Setting(args, "stores") ?? string.Join(',', Stores.Keys)).Split(',');
        Console.WriteLine($"{count} templates x {Size}, {count / Images} people, {Probes} probes");
        Console.WriteLine("store      enrol /s   load s   first ms   one by one /s   by 64 /s   recall@10   remove ms");
        foreach (string name in chosen)
        {
            string[] store = name.Split('=', 2);
            using BenchedStore opened = Stores[store[0]](new GalleryModel("bench", "none", "none", Size), store.Length > 1 ? store[1] : null);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{store[0],-8} {Measure(opened, count)}"));
        }
    }

    private static string? Setting(string[] args, string name) =>
        args.FirstOrDefault(arg => arg.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    private static string Measure(BenchedStore store, int count)
    {
        int people = count / Images;
        float[][] centres = [.. Enumerable.Range(0, people).Select(i => Gaussian((ulong)i))];
        double enrol = 0;
        foreach (int[] batch in Enumerable.Range(0, people * Images).Chunk(EnrolledAtOnce))
        {
            NewTemplate[] templates = [.. batch.Select(i =>
                new NewTemplate($"person {i % people}", Image(centres[i % people], i), $"{i}.jpg", SHA256.HashData(BitConverter.GetBytes(i))))];
            enrol += Seconds(() => store.Gallery.Enrol(templates));
        }

        float[] probes = [.. Enumerable.Range(0, Probes).SelectMany(i => Image(centres[i * 5 % people], 1_000_000_000 + i))];

        // Another object of the same gallery knows nothing yet.
        using IGallery gallery = store.Reopen();
        GalleryIndex? index = null;
        double load = Seconds(() => index = gallery.LoadIndex());
        SubjectMatch[][] exact = index!.SearchBatch(probes, Probes, Top);
        using IGallery searched = store.Reopen();
        double first = Seconds(() => searched.Search(probes.AsSpan(0, Size), 1, Top));
        double one = Seconds(() =>
        {
            for (int i = 0; i < Probes; i++)
            {
                searched.Search(probes.AsSpan(i * Size, Size), 1, Top);
            }
        });
        var found = new List<SubjectMatch[]>();
        double many = Seconds(() =>
        {
            for (int i = 0; i < Probes; i += SearchedAtOnce)
            {
                found.AddRange(searched.Search(probes.AsSpan(i * Size, SearchedAtOnce * Size), SearchedAtOnce, Top));
            }
        });
        double recall = exact.Zip(found).Sum(pair => pair.First.Count(e => pair.Second.Any(m => m.SubjectId == e.SubjectId))) / (double)exact.Sum(e => e.Length);
        double[] remove = [.. Enumerable.Range(0, Removed).Select(i => Seconds(() => searched.Remove($"person {i}"))).Order()];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{count / enrol,10:0}   {load,6:0.00}   {1000 * first,8:0.0}   {Probes / one,13:0}   {Probes / many,8:0}   {recall,9:0.0000}   {1000 * remove[Removed / 2],9:0}");
    }

    private static double Seconds(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    private static float[] Gaussian(ulong seed)
    {
        var random = new CountedRandom(seed);
        return [.. Enumerable.Range(0, Size).Select(_ => (float)random.NextGaussian())];
    }

    private static float[] Image(float[] centre, int seed)
    {
        float[] noise = Gaussian(10_000_000_000UL + (ulong)seed);
        float[] image = [.. centre.Zip(noise, (c, n) => (float)(c + (Spread * n)))];
        float length = MathF.Sqrt(image.Sum(v => v * v));
        return [.. image.Select(v => v / length)];
    }
}
