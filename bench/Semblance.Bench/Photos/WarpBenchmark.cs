using System.Diagnostics;
using System.Globalization;
using Semblance.Imaging;

namespace Semblance.Bench.Photos;

/// <summary>Crops a second of one thread, by the size of the face in the photo.</summary>
internal static class WarpBenchmark
{
    public static void Run(string[] args)
    {
        foreach ((int width, int height, double eyes) in new[] { (250, 250, 43.0), (1600, 1200, 43.0), (1600, 1200, 200.0), (6000, 4000, 43.0), (6000, 4000, 400.0), (6000, 4000, 1200.0) })
        {
            foreach (int channels in new[] { 1, 3 })
            {
                byte[] data = new byte[width * height * channels];
                new Random(1).NextBytes(data);
                var photo = new PixelBuffer(width, height, channels, data);
                double scale = 35.24 / eyes, angle = 0.1;
                double a = scale * Math.Cos(angle), b = scale * Math.Sin(angle);
                var transform = new SimilarityTransform(a, b, 55.5 - ((a * width) - (b * height)) / 2, 55.5 - ((b * width) + (a * height)) / 2);
                var rates = new List<double>();
                for (int round = 0; round < 6; round++)
                {
                    int crops = 0;
                    long started = Stopwatch.GetTimestamp();
                    while (Stopwatch.GetElapsedTime(started).TotalSeconds < 0.2)
                    {
                        _ = FaceWarp.Crop(photo, transform, 112, 112);
                        crops++;
                    }

                    rates.Add(crops / Stopwatch.GetElapsedTime(started).TotalSeconds);
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{width}×{height} {(channels == 1 ? "grey" : "RGB")}, {eyes:F0} pixels between the eyes: {Median.Of(rates.Skip(1)):F0} crops/s"));
            }
        }
    }
}
