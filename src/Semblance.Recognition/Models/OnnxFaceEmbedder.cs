using System.Runtime.ExceptionServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Semblance.Models;

namespace Semblance.Recognition.Models;

/// <summary>
/// Embeds faces with an ONNX model on the CPU. A batch is shared out over as many runs beside each other as there are threads, each on one
/// thread: layers of small face models are too small to be shared out themselves. A single image is computed by all threads together where the
/// model is large. Where the file fixes the batch at 1, images go through one by one. Calls from several threads run beside each other.
/// </summary>
public sealed class OnnxFaceEmbedder : IFaceEmbedder
{
    /// <summary>More images a run would not be faster, but take more memory.</summary>
    private const int LargestRun = 8;

    /// <summary>Bytes of a file from which on threads that wait for each other at every layer gain more than they lose: some millions of weights.</summary>
    private const long LargeModel = 16 << 20;

    private readonly InferenceSession _session;
    private readonly Lazy<InferenceSession> _together;
    private readonly RunOptions _runOptions = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly ReaderWriterLockSlim _use = new();
    private readonly string _path;
    private readonly string[] _input;
    private readonly string[] _output;
    private readonly bool _oneByOne;
    private readonly int _threads;
    private int _calls;
    private bool _disposed;

    private OnnxFaceEmbedder(string path, ModelCard card, InferenceSession session, int threads)
    {
        (_path, Card, _session, _threads) = (path, card, session, threads);
        _input = [session.InputNames[0]];
        _output = [session.OutputNames[0]];
        _oneByOne = session.InputMetadata[_input[0]].Dimensions[0] == 1;
        _together = new(() => threads == 1 || new FileInfo(path).Length < LargeModel ? session : OnnxSessions.Open(path, threads));
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
        InferenceSession session = OnnxSessions.Open(path, 1);
        try
        {
            RequireShapes(path, card, session);
            return new OnnxFaceEmbedder(path, card, session, threads > 0 ? threads : Environment.ProcessorCount);
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

        ObjectDisposedException.ThrowIf(_disposed, this);
        _use.EnterReadLock();
        bool alone = Interlocked.Increment(ref _calls) == 1;
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (count == 1)
            {
                Run(alone ? _together.Value : _session, pixels, 1, embeddings);
            }
            else
            {
                RunSharedOut(pixels, count, embeddings);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _calls);
            _use.ExitReadLock();
        }
    }

    /// <summary>Frees the sessions, after the calls under way have ended.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _use.EnterWriteLock();
        try
        {
            if (!_disposed)
            {
                _disposed = true;
                _runOptions.Dispose();
                _session.Dispose();
                if (_together.IsValueCreated && _together.Value != _session)
                {
                    _together.Value.Dispose();
                }
            }
        }
        finally
        {
            _use.ExitWriteLock();
        }
    }

    private unsafe void RunSharedOut(ReadOnlySpan<float> pixels, int count, Span<float> embeddings)
    {
        int image = Card.Preprocessing.InputLength;
        int size = Card.EmbeddingSize;
        int each = _oneByOne ? 1 : Math.Clamp((count + _threads - 1) / _threads, 1, LargestRun);
        int runs = (count + each - 1) / each;
        fixed (float* from = pixels)
        fixed (float* to = embeddings)
        {
            // Spans cannot be captured; both stay pinned until the last run has ended.
            (nint input, nint output) = ((nint)from, (nint)to);
            if (_threads == 1)
            {
                for (int run = 0; run < runs; run++)
                {
                    RunPart(run);
                }

                return;
            }

            try
            {
                Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = _threads }, RunPart);
            }
            catch (AggregateException e)
            {
                ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            }

            void RunPart(int run)
            {
                int first = run * each;
                int part = Math.Min(each, count - first);
                Run(
                    _session,
                    new ReadOnlySpan<float>((float*)input + ((long)first * image), part * image),
                    part,
                    new Span<float>((float*)output + ((long)first * size), part * size));
            }
        }
    }

    private unsafe void Run(InferenceSession session, ReadOnlySpan<float> pixels, int count, Span<float> embeddings)
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
                session.Run(_runOptions, _input, [input], _output, [output]);
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
