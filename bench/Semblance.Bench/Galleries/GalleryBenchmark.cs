using System.Diagnostics;
using System.Globalization;
using Semblance.Recognition.Galleries;
using Semblance.Recognition.Search;

namespace Semblance.Bench.Galleries;

/// <summary>
/// Enrols templates into stores, one store after the other; opens each anew, loads it into memory, searches for 512 further images, one by one
/// and 64 at a time, compares the first subject and the first ten with those of an exact search, and removes people.
/// <c>galleries [count=20000] [stores=sqlite,postgres,redis] [from=FILE.npy]</c>. Without a file of embeddings they are made: 512 floats, four images a
/// person, and all people equally far from each other, which is the hardest case of a graph. A store that is not to be made for the occasion is
/// given with its place: <c>stores=redis=redis://host:port</c>.
/// </summary>
internal static class GalleryBenchmark
{
    private const int Probes = 512, Top = 10, EnrolledAtOnce = 512, SearchedAtOnce = 64, Removed = 3;

    private static readonly IReadOnlyDictionary<string, Func<GalleryModel, string?, BenchedStore>> Stores = new Dictionary<string, Func<GalleryModel, string?, BenchedStore>>
    {
        ["sqlite"] = SqliteStore.Open,
        ["postgres"] = PostgresStore.Open,
        ["redis"] = RedisStore.Open,
    };

    public static void Run(string[] args)
    {
        int count = int.Parse(Setting(args, "count") ?? "20000", CultureInfo.InvariantCulture);
        BenchedFaces faces = Setting(args, "from") is { } file ? BenchedFaces.Read(file, count, Probes) : BenchedFaces.Make(count);
        string[] chosen = (Setting(args, "stores") ?? string.Join(',', Stores.Keys)).Split(',');
        Console.WriteLine($"{faces.Count} templates x {faces.Size}, {Probes} probes");
        Console.WriteLine("store      enrol /s   load s   first ms   one by one /s   by 64 /s   recall@1   recall@10   remove ms");
        foreach (string name in chosen)
        {
            string[] store = name.Split('=', 2);
            using BenchedStore opened = Stores[store[0]](new GalleryModel("bench", "none", "none", faces.Size), store.Length > 1 ? store[1] : null);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{store[0],-8} {Measure(opened, faces)}"));
        }
    }

    private static string? Setting(string[] args, string name) =>
        args.FirstOrDefault(arg => arg.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    private static string Measure(BenchedStore store, BenchedFaces faces)
    {
        double enrol = 0;
        foreach (int[] batch in Enumerable.Range(0, faces.Count).Chunk(EnrolledAtOnce))
        {
            NewTemplate[] templates = [.. batch.Select(faces.Template)];
            enrol += Seconds(() => store.Gallery.Enrol(templates));
        }

        float[] probes = [.. Enumerable.Range(0, Probes).SelectMany(faces.Probe)];
        int size = faces.Size;

        // Another object of the same gallery knows nothing yet.
        using IGallery gallery = store.Reopen();
        GalleryIndex? index = null;
        double load = Seconds(() => index = gallery.LoadIndex());
        SubjectMatch[][] exact = index!.SearchBatch(probes, Probes, Top);
        using IGallery searched = store.Reopen();
        double first = Seconds(() => searched.Search(probes.AsSpan(0, size), 1, Top));
        double one = Seconds(() =>
        {
            for (int i = 0; i < Probes; i++)
            {
                searched.Search(probes.AsSpan(i * size, size), 1, Top);
            }
        });
        var found = new List<SubjectMatch[]>();
        double many = Seconds(() =>
        {
            for (int i = 0; i < Probes; i += SearchedAtOnce)
            {
                found.AddRange(searched.Search(probes.AsSpan(i * size, SearchedAtOnce * size), SearchedAtOnce, Top));
            }
        });
        double[] remove = [.. Enumerable.Range(0, Removed).Select(i => Seconds(() => searched.Remove(faces.Subject(i)))).Order()];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{faces.Count / enrol,10:0}   {load,6:0.00}   {1000 * first,8:0.0}   {Probes / one,13:0}   {Probes / many,8:0}   {Recall(exact, found, 1),8:0.0000}   {Recall(exact, found, Top),9:0.0000}   {1000 * remove[Removed / 2],9:0}");
    }

    private static double Seconds(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    private static double Recall(SubjectMatch[][] exact, List<SubjectMatch[]> found, int top) =>
        exact.Zip(found).Average(pair => pair.First.Take(top).Count(e => pair.Second.Take(top).Any(m => m.SubjectId == e.SubjectId)) / (double)Math.Min(top, pair.First.Length));
}
