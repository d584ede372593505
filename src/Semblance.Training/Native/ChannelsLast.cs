using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Native;

/// <summary>
/// The memory layout in which the channel varies fastest. TorchSharp's tensors take no memory format, but strides made by permuting a
/// contiguous copy are the same thing, and every kernel follows them.
/// </summary>
public static class ChannelsLast
{
    /// <summary>A copy of <paramref name="images"/> with channels-last strides and the same shape; belongs to the current dispose scope.</summary>
    /// <param name="images">[batch × channels × height × width].</param>
    public static Tensor Of(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using Tensor permuted = images.permute(0, 2, 3, 1);
        using Tensor contiguous = permuted.contiguous();
        return contiguous.permute(0, 3, 1, 2);
    }

    /// <summary>Lays a module's convolution weights out channels-last, in place; values are unchanged.</summary>
    /// <param name="module">The module whose four-dimensional parameters are laid out.</param>
    public static void Apply(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        using IDisposable guard = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach (TorchSharp.Modules.Parameter parameter in module.parameters().Where(p => p.dim() == 4))
        {
            _ = parameter.set_(Of(parameter));
        }
    }
}
