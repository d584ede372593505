using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Backbones;

/// <summary>The layers that the backbones share, with the settings they share.</summary>
internal static class Layers
{
    /// <summary>A square convolution without bias whose zero padding keeps the size at stride 1.</summary>
    public static Conv2d Conv(long inputs, long outputs, long kernel, long stride = 1, long groups = 1) =>
        nn.Conv2d(inputs, outputs, kernel, stride: stride, padding: kernel / 2, groups: groups, bias: false);

    /// <summary>The embedding's batch norm: its weight is fixed at 1, so that no direction of the embedding can be scaled away.</summary>
    public static BatchNorm1d EmbeddingNorm(long size)
    {
        BatchNorm1d norm = nn.BatchNorm1d(size, eps: 1e-5);
        norm.weight.requires_grad = false;
        return norm;
    }
}
