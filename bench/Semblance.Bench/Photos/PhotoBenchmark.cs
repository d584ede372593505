using System.Diagnostics;
using System.Globalization;
using Semblance.Data;
using Semblance.Imaging;
using Semblance.Recognition.Detection;
using Semblance.Recognition.Models;
using Semblance.Recognition.Photos;

namespace Semblance.Bench.Photos;

/// <summary>
/// Photographs a second from the file to the embedding of the main face: one photo per worker, every model on one thread. Then the same through
/// <see cref="EmbeddingExtractor"/>, as the commands do it. Arguments: --detector FILE.onnx --model FILE.onnx --data DIR|ZIP [--landmarks FILE.onnx]
/// [--photos N, default 2000] [--rounds N, default 3].
/// </summary>
internal static class PhotoBenchmark
{
    private static readonly string[] Known = ["--detector", "--landmarks", "--model", "--data", "--photos", "--rounds"];

    private static readonly string[] Needed = ["--detector", "--model", "--data"];

    public static void Run(string[] args)
    {
        Dictionary<string, string> values = Read(args);
        int rounds = int.Parse(values.GetValueOrDefault("--rounds", "3"), CultureInfo.InvariantCulture);
        using FaceDataset dataset = FaceDataset.Open(values["--data"]);
        int[] images = Spread(dataset.Images.Count, int.Parse(values.GetValueOrDefault("--photos", "2000"), CultureInfo.InvariantCulture));

        // The file's bytes are read before the clock starts: a disk is not what is measured.
        byte[][] files = [.. images.Select(dataset.ReadBytes)];
        using IFaceDetector detector = FaceDetectors.Open(values["--detector"]);
        using ILandmarkModel? landmarks = values.TryGetValue("--landmarks", out string? path) ? FaceDetectors.OpenLandmarks(path) : null;
        var whole = new List<double>[] { [], [] };
        var extracted = new List<double>();
        var stages = new StageClock[] { new(), new() };
        for (int round = 0; round <= rounds; round++)
        {
            for (int workers = 1; workers <= 2; workers++)
            {
                var clock = new StageClock();
                double seconds = Pipeline(files, dataset, images, detector, landmarks, values["--model"], workers, clock);
                if (round > 0)
                {
                    whole[workers - 1].Add(files.Length / seconds);
                    stages[workers - 1].Add(clock);
                }
            }

            double rate = Extract(values, images);
            if (round > 0)
            {
                extracted.Add(rate);
            }
        }

        for (int workers = 1; workers <= 2; workers++)
        {
            Line($"{workers} worker{(workers > 1 ? "s" : "")}: {Median.Of(whole[workers - 1]):F1} photos/s (from {whole[workers - 1].Min():F1} to {whole[workers - 1].Max():F1}); ms of a photo: {stages[workers - 1].Describe()}");
        }

        Line($"as the commands do it: {Median.Of(extracted):F1} photos/s (from {extracted.Min():F1} to {extracted.Max():F1})");
    }

    /// <summary>Each worker takes the next photo and carries it from the bytes to the embedding.</summary>
    private static double Pipeline(
        byte[][] files, FaceDataset dataset, int[] images, IFaceDetector detector, ILandmarkModel? landmarks, string model, int workers, StageClock total)
    {
        OnnxFaceEmbedder[] embedders = [.. Enumerable.Range(0, workers).Select(_ => OnnxFaceEmbedder.Open(model, threads: 1))];
        var template = AlignmentTemplate.Parse(embedders[0].Card.Preprocessing.AlignmentTemplate, model);
        using var finder = new FaceFinder(new Borrowed(detector), template);
        int next = -1;
        long started = Stopwatch.GetTimestamp();
        Thread[] threads = [.. embedders.Select(embedder => new Thread(() =>
        {
            var clock = new StageClock();
            float[] input = new float[embedder.Card.Preprocessing.InputLength], embedding = new float[embedder.Card.EmbeddingSize];
            for (int i = Interlocked.Increment(ref next); i < files.Length; i = Interlocked.Increment(ref next))
            {
                clock.Start();
                PixelBuffer photo = ImageDecoder.Decode(files[i], dataset.Images[images[i]].Path);
                clock.Lap(Stage.Decode);
                DetectedFace? main = detector.Detect(photo).MaxBy(face => FaceFinder.Weight(face.Box, photo));
                clock.Lap(Stage.Detect);
                if (main is null)
                {
                    continue;
                }

                if (landmarks is not null)
                {
                    main = main with { Landmarks = landmarks.Locate(photo, main.Box) };
                    clock.Lap(Stage.Landmarks);
                }

                FoundFace? face = finder.TryAlign(main, photo);
                clock.Lap(Stage.Align);
                if (face is not null)
                {
                    FacePreprocessor.Write(face.Crop, embedder.Card.Preprocessing, input);
                    embedder.Embed(input, 1, embedding);
                    clock.Lap(Stage.Embed);
                }
            }

            total.Add(clock);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Array.ForEach(embedders, embedder => embedder.Dispose());
        return seconds;
    }

    private static double Extract(Dictionary<string, string> values, int[] images)
    {
        using OnnxFaceEmbedder model = OnnxFaceEmbedder.Open(values["--model"]);
        var template = AlignmentTemplate.Parse(model.Card.Preprocessing.AlignmentTemplate, values["--model"]);
        var finder = new FaceFinder(FaceDetectors.Open(values["--detector"], landmarksPath: values.GetValueOrDefault("--landmarks")), template);
        using var cropper = new FaceCropper(finder, QualityThresholds.None, takesCrops: false);
        using FaceDataset dataset = FaceDataset.Open(values["--data"], new FaceDatasetOptions { Cropper = cropper });
        long started = Stopwatch.GetTimestamp();
        _ = EmbeddingExtractor.EmbedReadable(dataset, images, model, flip: false);
        return images.Length / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static int[] Spread(int all, int wanted)
    {
        int count = Math.Clamp(wanted, 1, all);
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)i * all / count))];
    }

    private static Dictionary<string, string> Read(string[] args)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < args.Length; i += 2)
        {
            if (!Known.Contains(args[i]) || i + 1 == args.Length)
            {
                throw new UsageException($"'{args[i]}' is no option with a value; known are {string.Join(", ", Known)}.");
            }

            values[args[i]] = args[i + 1];
        }

        return Array.Find(Needed, name => !values.ContainsKey(name)) is { } missing
            ? throw new UsageException($"{missing} is missing.")
            : values;
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    /// <summary>A detector that somebody else closes.</summary>
    private sealed class Borrowed(IFaceDetector detector) : IFaceDetector
    {
        public string Name => detector.Name;

        public IReadOnlyList<DetectedFace> Detect(PixelBuffer photo) => detector.Detect(photo);

        public void Dispose()
        {
        }
    }
}
