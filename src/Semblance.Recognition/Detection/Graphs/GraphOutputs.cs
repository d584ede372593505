using Microsoft.ML.OnnxRuntime;

namespace Semblance.Recognition.Detection.Graphs;

/// <summary>What a graph gave for one frame; the numbers live until it is disposed.</summary>
internal sealed class GraphOutputs(string path, IDisposableReadOnlyCollection<OrtValue> values) : IDisposable
{
    /// <summary>The number of outputs.</summary>
    public int Count => values.Count;

    /// <summary>The floats of an output, row-major.</summary>
    public ReadOnlySpan<float> Values(int index) => values[index].GetTensorDataAsSpan<float>();

    /// <summary>The floats of an output that must have a certain number.</summary>
    /// <exception cref="SemblanceException">It has another.</exception>
    public ReadOnlySpan<float> Values(int index, int length)
    {
        ReadOnlySpan<float> found = Values(index);
        return found.Length == length
            ? found
            : throw new SemblanceException($"{path}: output {index} has {found.Length} numbers for this frame; expected {length}.");
    }

    /// <summary>The shape of an output.</summary>
    public long[] Shape(int index) => values[index].GetTensorTypeAndShape().Shape;

    public void Dispose() => values.Dispose();
}
