using Microsoft.ML.OnnxRuntime;

namespace Semblance.Recognition.Models;

/// <summary>Opens ONNX Runtime sessions the one way this project wants them: fully optimised, silent on standard error, failures told in a line.</summary>
internal static class OnnxSessions
{
    // The native library writes warnings of its own to standard error (a machine without a GPU is one) unless its process-wide environment
    // is created with another level before the first session.
    private static readonly Lazy<bool> Environment = new(() =>
    {
        if (!OrtEnv.IsCreated)
        {
            var options = new EnvironmentCreationOptions { logId = "semblance", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            OrtEnv.CreateInstanceWithOptions(ref options);
        }

        return true;
    });

    public static InferenceSession Open(string path, int threads) => Open(path, threads, options => new InferenceSession(path, options));

    public static InferenceSession Open(byte[] model, string source, int threads) => Open(source, threads, options => new InferenceSession(model, options));

    private static InferenceSession Open(string source, int threads, Func<SessionOptions, InferenceSession> open)
    {
        _ = Environment.Value;
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = threads > 0 ? threads : System.Environment.ProcessorCount,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        try
        {
            return open(options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new SemblanceException($"{source}: ONNX Runtime cannot load it: {FirstLine(e)}", e);
        }
    }

    public static string FirstLine(Exception e)
    {
        string line = e.Message.Split('\n', 2)[0].Trim();
        return line.Length <= 300 ? line : line[..300] + "…";
    }
}
