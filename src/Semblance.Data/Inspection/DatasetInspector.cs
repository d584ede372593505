using System.Security.Cryptography;
using Semblance.Data.Loading;
using Semblance.Imaging;

namespace Semblance.Data.Inspection;

/// <summary>Reads every image of a dataset once and reports what it found.</summary>
public static class DatasetInspector
{
    /// <summary>At most this many sizes are listed one by one.</summary>
    public const int ListedSizes = 20;

    private const int ExactBins = 10;

    /// <summary>Inspects a dataset.</summary>
    /// <param name="path">A folder, zip archive or list file.</param>
    /// <param name="progress">Told of inspected images.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="SemblanceException">The dataset is missing, empty or holds no identity.</exception>
    public static DatasetReport Inspect(string path, IProgress<WorkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using FaceDataset dataset = FaceDataset.Open(path);
        int count = dataset.Images.Count;
        var failures = new UnreadableImage?[count];
        var shapes = new (int Width, int Height, int Channels)[count];
        string?[] digests = new string[count];
        var counter = new ProgressCounter(progress, "inspecting faces", count, "images");
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, count, options, i =>
        {
            try
            {
                byte[] bytes = dataset.ReadBytes(i);
                PixelBuffer image = ImageDecoder.Decode(bytes, dataset.Images[i].Path);
                shapes[i] = (image.Width, image.Height, image.Channels);
                digests[i] = Convert.ToHexString(SHA256.HashData(bytes));
            }
            catch (UnreadableImageException e)
            {
                failures[i] = e.ToEntry();
            }

            counter.Add(1);
        });

        SizeCount[] sizes =
        [
            .. shapes.Where(shape => shape.Width > 0).CountBy(shape => (shape.Width, shape.Height))
                .Select(size => new SizeCount(size.Key.Width, size.Key.Height, size.Value))
                .OrderByDescending(size => size.Images).ThenBy(size => size.Width).ThenBy(size => size.Height),
        ];
        (List<IReadOnlyList<string>> within, List<IReadOnlyList<string>> across) = Duplicates(dataset, digests);
        return new DatasetReport
        {
            Source = path,
            Identities = dataset.Identities.Count,
            Images = count,
            Unreadable = [.. failures.OfType<UnreadableImage>()],
            WithoutIdentity = dataset.WithoutIdentity,
            ImagesPerIdentity = Histogram(dataset.Images.CountBy(image => image.Identity).Select(identity => identity.Value)),
            Sizes = [.. sizes.Take(ListedSizes)],
            OtherSizes = sizes.Skip(ListedSizes).Sum(size => size.Images),
            GreyImages = shapes.Count(shape => shape.Channels == 1),
            DuplicatesWithin = within,
            DuplicatesAcross = across,
        };
    }

    /// <summary>Bins of image counts: one each for 1 to 10, then to 20, 50, 100, 200, 500 and so on; empty bins are left out.</summary>
    /// <param name="counts">Images of each identity, at least 1.</param>
    public static IReadOnlyList<HistogramBin> Histogram(IEnumerable<int> counts) =>
        [.. counts.GroupBy(BinOf).OrderBy(bin => bin.Key.From).Select(bin => new HistogramBin(bin.Key.From, bin.Key.To, bin.Count()))];

    private static (int From, int To) BinOf(int count)
    {
        if (count <= ExactBins)
        {
            return (count, count);
        }

        int low = ExactBins;
        for (int step = 0; ; step++)
        {
            // 10 → 20 → 50 → 100 → 200 …
            int high = step % 3 == 1 ? low / 2 * 5 : low * 2;
            if (count <= high)
            {
                return (low + 1, high);
            }

            low = high;
        }
    }

    private static (List<IReadOnlyList<string>> Within, List<IReadOnlyList<string>> Across) Duplicates(FaceDataset dataset, string?[] digests)
    {
        var within = new List<IReadOnlyList<string>>();
        var across = new List<IReadOnlyList<string>>();
        foreach (FaceImageEntry[] group in dataset.Images.Index().Where(image => digests[image.Index] is not null)
                     .GroupBy(image => digests[image.Index], image => image.Item).Select(group => group.ToArray()).Where(group => group.Length > 1))
        {
            bool oneIdentity = group.All(image => image.Identity == group[0].Identity);
            (oneIdentity ? within : across).Add([.. group.Select(image => image.Path)]);
        }

        return (within, across);
    }
}
