using Semblance.Models;
using Semblance.Recognition.Models;
using Semblance.Recognition.Packs;
using Semblance.Training.Loop;
using Semblance.Training.Native;

namespace Semblance.Cli.Commands;

/// <summary>Opens what <c>--model</c> names: a run's folder through libtorch, a file or an installed pack through ONNX Runtime. The others load nothing of the one.</summary>
internal static class ModelSource
{
    /// <summary>Opens a run or an exported model.</summary>
    /// <param name="name">A run's folder, an ONNX file or a pack's name.</param>
    /// <param name="threads">Threads of the model; 0 for all cores.</param>
    /// <exception cref="SemblanceException">There is nothing there, or it is no face model.</exception>
    public static IFaceEmbedder Open(string name, int threads) => Directory.Exists(name)
        ? OpenRun(name, threads)
        : OpenOnnx(name, threads);

    /// <summary>Opens an exported model.</summary>
    /// <param name="name">An ONNX file or a pack's name.</param>
    /// <param name="threads">Threads of the model; 0 for all cores.</param>
    /// <exception cref="SemblanceException">There is nothing there, or it is no face model.</exception>
    public static OnnxFaceEmbedder OpenOnnx(string name, int threads) => OnnxFaceEmbedder.Open(new ModelLibrary().ResolveEmbedder(name), threads);

    /// <summary>Reads the card of an exported model.</summary>
    /// <param name="name">An ONNX file or a pack's name.</param>
    /// <exception cref="SemblanceException">There is nothing there, or it is no face model.</exception>
    public static ModelCard ReadCard(string name) => ModelFile.ReadCard(new ModelLibrary().ResolveEmbedder(name));

    private static IFaceEmbedder OpenRun(string path, int threads)
    {
        NativeRuntime.Configure(threads);
        return RunFolder.Open(path).OpenEmbedder();
    }
}
