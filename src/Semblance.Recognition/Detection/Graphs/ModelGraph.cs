using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Semblance.Recognition.Models;

namespace Semblance.Recognition.Detection.Graphs;

/// <summary>An ONNX graph with one image as its input, run on one thread per call; calls from several threads run beside each other.</summary>
internal sealed class ModelGraph : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
    private readonly string[] _input;
    private readonly string[] _outputs;
    private bool _disposed;

    private ModelGraph(string path, InferenceSession session, int[] shape)
    {
        (Path, _session) = (path, session);
        _input = [session.InputNames[0]];
        _outputs = [.. session.OutputNames];
        ChannelsLast = shape[3] is 1 or 3 && shape[1] is not (1 or 3);
        Channels = ChannelsLast ? shape[3] : shape[1] == 1 ? 1 : 3;
        Height = Math.Max(0, ChannelsLast ? shape[1] : shape[2]);
        Width = Math.Max(0, ChannelsLast ? shape[2] : shape[3]);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>True for height × width × channels.</summary>
    public bool ChannelsLast { get; }

    /// <summary>1 or 3.</summary>
    public int Channels { get; }

    /// <summary>The input's width; 0 where any is taken.</summary>
    public int Width { get; }

    /// <summary>The input's height; 0 where any is taken.</summary>
    public int Height { get; }

    /// <summary>The outputs' names, in the graph's order.</summary>
    public IReadOnlyList<string> OutputNames => _outputs;

    /// <summary>Loads a graph.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <exception cref="SemblanceException">The file is missing, does not load, or has no single image of floats as its input.</exception>
    public static ModelGraph Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            string what = Directory.Exists(path) ? "is a folder" : "no such file";
            throw new SemblanceException($"{path}: {what}; expected the ONNX file of a detector.");
        }

        InferenceSession session = OnnxSessions.Open(path, threads: 1);
        try
        {
            return new ModelGraph(path, session, RequireImage(path, session));
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Runs the graph on one frame.</summary>
    /// <param name="frame">The floats of the input.</param>
    /// <param name="width">The frame's width.</param>
    /// <param name="height">The frame's height.</param>
    /// <exception cref="SemblanceException">The model fails.</exception>
    public unsafe GraphOutputs Run(ReadOnlySpan<float> frame, int width, int height)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        long[] shape = ChannelsLast ? [1, height, width, Channels] : [1, Channels, height, width];
        fixed (float* from = frame)
        {
            using OrtValue input = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape, (nint)from, (long)frame.Length * sizeof(float));
            try
            {
                return new GraphOutputs(Path, _session.Run(_runOptions, _input, [input], _outputs));
            }
            catch (OnnxRuntimeException e)
            {
                throw new SemblanceException($"{Path}: the model failed on a frame of {width}×{height}: {OnnxSessions.FirstLine(e)}", e);
            }
        }
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _runOptions.Dispose();
            _session.Dispose();
        }
    }

    private static int[] RequireImage(string path, InferenceSession session)
    {
        NodeMetadata? only = session.InputMetadata.Count == 1 ? session.InputMetadata[session.InputNames[0]] : null;
        int[] shape = only is { IsTensor: true, ElementDataType: TensorElementType.Float } ? only.Dimensions : [];
        bool outputsAreFloats = session.OutputMetadata.Values.All(o => o is { IsTensor: true, ElementDataType: TensorElementType.Float });
        bool image = shape.Length == 4 && shape[0] is 1 or -1 && (shape[1] is 1 or 3 or -1 || shape[3] is 1 or 3);
        return image && outputsAreFloats
            ? shape
            : throw new SemblanceException(
                $"{path}: is no detector: expected one image of floats as the input (1×3×height×width or 1×height×width×3) and floats as outputs.");
    }
}
