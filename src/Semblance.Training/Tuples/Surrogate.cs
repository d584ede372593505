using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// A gradient put in by hand. To a value is added ⟨x, g⟩ − ⟨x, g⟩, of which only the first is attached: nothing in value, g in gradient. An
/// autograd function of one's own would do the same, but TorchSharp's loses some kilobytes with each call.
/// </summary>
internal static class Surrogate
{
    /// <summary>Adds the gradient.</summary>
    /// <param name="value">A scalar.</param>
    /// <param name="input">A tensor of the graph.</param>
    /// <param name="gradient">∂value/∂input, of the input's shape and dtype.</param>
    /// <returns>A scalar; owned by the caller's dispose scope.</returns>
    public static Tensor Attach(Tensor value, Tensor input, Tensor gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor inner = input.reshape(-1).dot(gradient.reshape(-1));
        return (value + (inner - inner.detach()).to_type(value.dtype)).MoveToOuterDisposeScope();
    }
}
