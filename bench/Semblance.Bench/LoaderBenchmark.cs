using System.Diagnostics;
using System.Globalization;
using Semblance.Data;
using Semblance.Data.Sampling;
using Semblance.Data.Synthesis;
using Semblance.Imaging;

namespace Semblance.Bench;

/// <summary>Augmented images per second of the batch loader alone, by input size and workers, from decoded images in memory.</summary>
internal static class LoaderBenchmark
{
    public static void Run(string[] args)
    {
        var faces = new SyntheticFaces(new SyntheticFaceOptions { Identities = 64, ImagesPerIdentity = 8 });
        var images = new List<PixelBuffer>();
        var labels = new List<int>();
        for (int identity = 0; identity < 64; identity++)
        {
            for (int image = 0; image < 8; image++)
            {
                images.Add(faces.Render(identity, image));
                labels.Add(identity);
            }
        }

        foreach (int size in new[] { 64, 112 })
        {
            var contract = new PreprocessingContract { Width = size, Height = size };
            PreparedFaces prepared = PreparedFaces.FromPixels(images, labels, [.. Enumerable.Range(0, 64).Select(faces.IdentityName)], contract);
            var sampler = new ShuffleSampler(prepared.Labels, 64, 1);
            foreach (int workers in new[] { 1, 2 })
            {
                foreach ((string name, AugmentationOptions options) in new[] { ("none", AugmentationOptions.None), ("default", new AugmentationOptions()) })
                {
                    var loader = new BatchLoader(prepared, contract, options, 1, workers);
                    Read(loader, sampler, 2);
                    long started = Stopwatch.GetTimestamp();
                    int count = Read(loader, sampler, 20);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{size} px, {workers} workers, augmentation {name}: {count / Stopwatch.GetElapsedTime(started).TotalSeconds:F0} images/s"));
                }
            }
        }
    }

    private static int Read(BatchLoader loader, ShuffleSampler sampler, int epochs)
    {
        int count = 0;
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            foreach (FaceBatch batch in loader.Read(epoch, sampler.Epoch(epoch)))
            {
                using (batch)
                {
                    count += batch.Count;
                }
            }
        }

        return count;
    }
}
