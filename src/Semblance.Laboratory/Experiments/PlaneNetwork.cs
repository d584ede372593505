using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Experiments;

/// <summary>
/// A small network whose embedding is a point of the plane, after the LeNets++ of Wen et al. 2016 (section 3.1): three convolutions with PReLU, each halving
/// the size, and a linear layer to two numbers. Batch normalisation stands behind the convolutions, so that one learning rate does for all losses, and not
/// behind the embedding, whose length is the loss's own affair.
/// </summary>
internal sealed class PlaneNetwork : nn.Module<Tensor, Tensor>
{
    private static readonly int[] s_widths = [3, 16, 32, 64];

    private readonly Sequential layers;

    /// <summary>Creates the network.</summary>
    /// <param name="seed">The same seed gives the same weights.</param>
    public PlaneNetwork(ulong seed)
        : base("plane")
    {
        manual_seed((long)(seed & long.MaxValue));
        List<nn.Module<Tensor, Tensor>> parts = [];
        for (int i = 1; i < s_widths.Length; i++)
        {
            parts.AddRange([nn.Conv2d(s_widths[i - 1], s_widths[i], 3, stride: 2, padding: 1, bias: false), nn.BatchNorm2d(s_widths[i]), nn.PReLU(s_widths[i])]);
        }

        int side = PlaneFaces.Size >> (s_widths.Length - 1);
        parts.AddRange([nn.Flatten(), nn.Linear((long)s_widths[^1] * side * side, 2)]);
        layers = nn.Sequential(parts);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => layers.call(input);
}
