using Microsoft.ML.OnnxRuntime;
using Semblance.Data;
using Semblance.Imaging;
using Semblance.Recognition.Search;

namespace Semblance.Bench.Search;

/// <summary>
/// Embeds aligned crops by an ONNX model of input (x − 127) / 128, RGB, one image at a time, and writes the embeddings as a .npy file: real
/// vectors to measure search on. Arguments: MODEL.onnx DIR|ZIP OUT.npy.
/// </summary>
internal static class EmbedCrops
{
    public static void Run(string[] args)
    {
        if (args.Length != 3)
        {
            throw new ArgumentException("embed-crops needs MODEL.onnx DIR|ZIP OUT.npy");
        }

        var contract = new PreprocessingContract { Mean = 127, Std = 128 };
        using FaceDataset dataset = FaceDataset.Open(args[1]);
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var session = new InferenceSession(args[0], options);
        string input = session.InputNames[0];
        float[][] embeddings = new float[dataset.Images.Count][];
        Parallel.For(0, embeddings.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, image =>
        {
            float[] pixels = new float[contract.InputLength];
            FacePreprocessor.Write(dataset.Decode(image), contract, pixels);
            using var value = OrtValue.CreateTensorValueFromMemory(pixels, [1, 3, contract.Height, contract.Width]);
            using var run = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, [input], [value], [session.OutputNames[0]]);
            embeddings[image] = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        });
        NumpyFile.Write(args[2], embeddings[0].Length, embeddings.SelectMany(e => e).ToArray());
        Console.WriteLine($"{embeddings.Length} × {embeddings[0].Length} in {args[2]}");
    }
}
