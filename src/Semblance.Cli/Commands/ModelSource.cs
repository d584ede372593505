using Semblance.Models;
using Semblance.Recognition.Models;
using Semblance.Training.Loop;
using Semblance.Training.Native;

namespace Semblance.Cli.Commands;

/// <summary>Opens what <c>--model</c> names: a run's folder through libtorch, a file through ONNX Runtime. The others load nothing of the one.</summary>
internal static class ModelSource
{
    /// <summary>Opens the model.</summary>
    /// <param name="path">A run's folder or an ONNX file.</param>
    /// <param name="threads">Threads of the model; 0 for all cores.</param>
    /// <exception cref="SemblanceException">There is nothing there, or it is no face model.</exception>
    public static IFaceEmbedder Open(string path, int threads) => Directory.Exists(path)
        ? OpenRun(path, threads)
        : OnnxFaceEmbedder.Open(path, threads);

    private static IFaceEmbedder OpenRun(string path, int threads)
    {
        NativeRuntime.Configure(threads);
        return RunFolder.Open(path).OpenEmbedder();
    }
}
