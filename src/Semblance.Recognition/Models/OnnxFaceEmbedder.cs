using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Semblance.Models;

namespace Semblance.Recognition.Models;

/// <summary>
/// Embeds faces with an ONNX model on the CPU. Batches of any size, unless the file fixes the batch at 1: then images go through one by one.
/// Calls from several threads take turns.
/// </summary>
public sealed class OnnxFaceEmbedder : IFaceEmbedder
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly Lock _turn = new();
    private readonly string _path;
    private readonly string[] _input;
    private readonly string[] _output;
    private readonly bool _oneByOne;
    private bool _disposed;

    private OnnxFaceEmbedder(string path, ModelCard card, InferenceSession session)
    {
        (_path, Card, _session) = (path, card, session);
        _input = [session.InputNames[0]];
        _output = [session.OutputNames[0]];
        _oneByOne = session.InputMetadata[_input[0]].Dimensions[0] == 1;
    }

    /// <inheritdoc/>
    public ModelCard Card { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="path">The ONNX file, written by 'semblance export'.</param>
    /// <param name="threads">Threads for one batch; 0 for all cores.</param>
    /// <exception cref="SemblanceException">The file is missing, is no ONNX file, is no face model, or contradicts its own card.</exception>
    /// <exception cref="UsageException"><paramref name="threads"/> is negative.</exception>
    public static OnnxFaceEmbedder Open(string path, int threads = 0)
    {
        if (threads < 0)
        {
            throw new UsageException($"threads is {threads}; expected 1 or more, or 0 for all cores.");
        }

        ModelCard card = ModelFile.ReadCard(path);
        InferenceSession session = OnnxSessions.Open(path, threads);
        try
        {
            RequireShapes(path, card, session);
            return new OnnxFaceEmbedder(path, card, session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="SemblanceException">The model fails on the batch.</exception>
    public void Embed(ReadOnlySpan<float> pixels, int count, Span<float> embeddings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        int image = Card.Preprocessing.InputLength;
        int size = Card.EmbeddingSize;
        if (pixels.Length != (long)count * image || embeddings.Length != (long)count * size)
        {
            throw new ArgumentException(
                $"{count} images take {(long)count * image} input and {(long)count * size} output floats; given {pixels.Length} and {embeddings.Length}.");
        }

        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            int step = _oneByOne ? 1 : count;
            for (int i = 0; i < count; i += step)
            {
                Run(pixels.Slice(i * image, step * image), step, embeddings.Slice(i * size, step * size));
            }
        }
    }

    /// <summary>Frees the session, after a batch under way has ended.</summary>
    public void Dispose()
    {
        lock (_turn)
        {
            if (!_disposed)
            {
                _disposed = true;
                _runOptions.Dispose();
                _session.Dispose();
            }
        }
    }

    private unsafe void Run(ReadOnlySpan<float> pixels, int count, Span<float> embeddings)
    {
        long[] inputShape = [count, 3, Card.Preprocessing.Height, Card.Preprocessing.Width];
        long[] outputShape = [count, Card.EmbeddingSize];
        fixed (float* from = pixels)
        fixed (float* to = embeddings)
        {
            using OrtValue input = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, TensorElementType.Float, inputShape, (nint)from, (long)pixels.Length * sizeof(float));
            using OrtValue output = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, TensorElementType.Float, outputShape, (nint)to, (long)embeddings.Length * sizeof(float));
            try
            {
                _session.Run(_runOptions, _input, [input], _output, [output]);
            }
            catch (OnnxRuntimeException e)
            {
                throw new SemblanceException($"{_path}: the model failed on a batch of {count}: {OnnxSessions.FirstLine(e)}", e);
            }
        }
    }

    private static void RequireShapes(string path, ModelCard card, InferenceSession session)
    {
        if (session.InputMetadata.Count != 1 || session.OutputMetadata.Count != 1)
        {
            throw new SemblanceException(
                $"{path}: has {session.InputMetadata.Count} inputs and {session.OutputMetadata.Count} outputs; a face model has one of each.");
        }

        NodeMetadata input = session.InputMetadata[session.InputNames[0]];
        NodeMetadata output = session.OutputMetadata[session.OutputNames[0]];
        Require("input", input, [-1, 3, card.Preprocessing.Height, card.Preprocessing.Width]);
        Require("output", output, [-1, card.EmbeddingSize]);

        void Require(string what, NodeMetadata metadata, int[] expected)
        {
            int[] actual = metadata.IsTensor ? metadata.Dimensions : [];
            bool agrees = metadata.IsTensor && metadata.ElementDataType == TensorElementType.Float && actual.Length == expected.Length
                && actual[0] is 1 or -1 && actual.Skip(1).SequenceEqual(expected.Skip(1));
            if (!agrees)
            {
                string type = metadata.IsTensor ? metadata.ElementDataType.ToString().ToLowerInvariant() : "no tensor";
                throw new SemblanceException(
                    $"{path}: its {what} is {type} {Shape(actual)}, its metadata promises float {Shape(expected)}; export the model again.");
            }
        }

        static string Shape(int[] dimensions) => string.Join('×', dimensions.Select(d => d < 0 ? "batch" : $"{d}"));
    }
}
