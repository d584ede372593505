using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Semblance.Data;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Numerics;
using Semblance.Recognition.Models;

namespace Semblance.Bench;

/// <summary>
/// Images per second of a face model as it was and as rewritten, on one thread in alternating rounds, the largest difference of their outputs,
/// and the rate of the embedder on all cores. <c>embed --model FILE.onnx [--data DIR|ZIP] [--images 64] [--rounds 9] [--mean 127] [--std 128]</c>;
/// without --data the images are noise.
/// </summary>
internal static class EmbedBenchmark
{
    public static void Run(string[] args)
    {
        string model = Value(args, "--model") ?? throw new UsageException("embed needs --model FILE.onnx.");
        int images = int.Parse(Value(args, "--images") ?? "64", CultureInfo.InvariantCulture);
        int rounds = int.Parse(Value(args, "--rounds") ?? "9", CultureInfo.InvariantCulture);
        byte[] original = File.ReadAllBytes(model);
        RewrittenModel rewritten = ModelRewriter.Rewrite(original, model);
        Console.WriteLine($"{rewritten.ReplacedActivations} PRelu replaced, batch {(rewritten.FreedBatch ? "freed" : "as it was")}");
        using InferenceSession before = Open(original);
        using InferenceSession after = Open(rewritten.ToBytes());
        int[] shape = before.InputMetadata[before.InputNames[0]].Dimensions;
        var contract = new PreprocessingContract
        {
            Height = shape[2],
            Width = shape[3],
            Mean = float.Parse(Value(args, "--mean") ?? "127", CultureInfo.InvariantCulture),
            Std = float.Parse(Value(args, "--std") ?? "128", CultureInfo.InvariantCulture),
        };
        float[] pixels = Value(args, "--data") is { } data ? Crops(data, images, contract) : Noise(images * contract.InputLength);
        int batch = after.InputMetadata[after.InputNames[0]].Dimensions[0] == 1 ? 1 : 8;
        var embeddings = new List<float[]>();
        (string Name, InferenceSession Session, int Batch)[] contenders = [("as it was", before, 1), ("rewritten", after, 1), ($"rewritten, {batch} at a time", after, batch)];
        foreach ((_, InferenceSession session, int size) in contenders)
        {
            embeddings.Add(Embed(session, pixels, images, size, contract));
        }

        List<double>[] seconds = [[], [], []];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < contenders.Length; i++)
            {
                long started = Stopwatch.GetTimestamp();
                Embed(contenders[i].Session, pixels, images, contenders[i].Batch, contract);
                seconds[i].Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
        }

        for (int i = 0; i < contenders.Length; i++)
        {
            double ratio = Median.Of(seconds[0].Zip(seconds[i], (a, b) => a / b));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{contenders[i].Name}: {images / Median.Of(seconds[i]):F0} images/s on one thread, {ratio:F2} × as it was, largest difference {Largest(embeddings[0], embeddings[i]):0.0e+0} (values up to {embeddings[0].Max(Math.Abs):F2})"));
        }

        AllCores(rewritten, contract, pixels, images, embeddings[0].Length / images, rounds);
    }

    private static void AllCores(RewrittenModel rewritten, PreprocessingContract contract, float[] pixels, int images, int size, int rounds)
    {
        string path = Path.Combine(Path.GetTempPath(), $"semblance-bench-{Environment.ProcessId}.onnx");
        File.WriteAllBytes(path, rewritten.ToBytes(new ModelCard { Preprocessing = contract, EmbeddingSize = size, Backbone = "", Loss = "", ModelFingerprint = "" }));
        try
        {
            using OnnxFaceEmbedder embedder = OnnxFaceEmbedder.Open(path);
            float[] embeddings = new float[images * size];
            foreach (int batch in new[] { 1, images })
            {
                var seconds = new List<double>();
                for (int round = 0; round <= rounds; round++)
                {
                    long started = Stopwatch.GetTimestamp();
                    for (int i = 0; i < images; i += batch)
                    {
                        embedder.Embed(pixels.AsSpan(i * contract.InputLength, batch * contract.InputLength), batch, embeddings.AsSpan(i * size, batch * size));
                    }

                    seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"the embedder on {Environment.ProcessorCount} cores, {batch} at a time: {images / Median.Of(seconds.Skip(1)):F0} images/s"));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static InferenceSession Open(byte[] model)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        return new InferenceSession(model, options);
    }

    private static float[] Embed(InferenceSession session, float[] pixels, int images, int batch, PreprocessingContract contract)
    {
        using var options = new RunOptions();
        var embeddings = new List<float>();
        for (int i = 0; i < images; i += batch)
        {
            int count = Math.Min(batch, images - i);
            Memory<float> memory = pixels.AsMemory(i * contract.InputLength, count * contract.InputLength);
            using OrtValue value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, [count, 3, contract.Height, contract.Width]);
            using IDisposableReadOnlyCollection<OrtValue> result = session.Run(options, session.InputNames, [value], session.OutputNames);
            embeddings.AddRange(result[0].GetTensorDataAsSpan<float>());
        }

        return [.. embeddings];
    }

    private static float[] Crops(string data, int images, PreprocessingContract contract)
    {
        using FaceDataset dataset = FaceDataset.Open(data);
        float[] pixels = new float[images * contract.InputLength];
        for (int i = 0; i < images; i++)
        {
            int image = (int)((long)i * dataset.Images.Count / images);
            FacePreprocessor.Write(dataset.Decode(image), contract, pixels.AsSpan(i * contract.InputLength, contract.InputLength));
        }

        return pixels;
    }

    private static float[] Noise(int length)
    {
        var random = new CountedRandom(1);
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = (float)random.NextDouble(-1, 1);
        }

        return values;
    }

    private static float Largest(float[] a, float[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    private static string? Value(string[] args, string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
