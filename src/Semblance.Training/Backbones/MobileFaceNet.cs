using Semblance.Training.Export;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Backbones;

/// <summary>
/// "MobileFaceNets: Efficient CNNs for Accurate Real-Time Face Verification on Mobile Devices" (Chen et al., CCBR 2018), with the module
/// tree and keys of InsightFace's arcface_torch. Scale 1 ("mobilefacenet") has the paper's widths: 1.00 M parameters at 112 px and 128-d (the
/// paper: 0.99 M), 1.20 M at 512-d. Scale 2 ("mobilefacenet-x2") is what arcface_torch trains and publishes: 2.06 M at 512-d.
/// </summary>
public sealed class MobileFaceNet : Backbone
{
    private const int Shrink = 16;
    private const int HeadChannels = 512;

    private readonly Sequential layers;
    private readonly MobileConvBlock conv_sep;
    private readonly MobileHead features;

    internal MobileFaceNet(string name, int scale, int embeddingSize, int inputSize)
        : base(name, embeddingSize, inputSize)
    {
        (long narrow, long wide) = (64L * scale, 128L * scale);
        layers = nn.Sequential(
            new MobileConvBlock(3, narrow, 3, stride: 2),
            new MobileConvBlock(narrow, narrow, 3, groups: 64),
            new MobileBottleneck(narrow, narrow, 128, residual: false),
            new MobileResidual(narrow, 4, 128),
            new MobileBottleneck(narrow, wide, 256, residual: false),
            new MobileResidual(wide, 6, 256),
            new MobileBottleneck(wide, wide, 512, residual: false),
            new MobileResidual(wide, 2, 256));
        conv_sep = new MobileConvBlock(wide, HeadChannels);
        features = new MobileHead(HeadChannels, inputSize / Shrink, embeddingSize);
        RegisterComponents();
        foreach (nn.Module module in modules())
        {
            switch (module)
            {
                case Conv2d conv:
                    nn.init.kaiming_normal_(conv.weight, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
                    break;
                case Linear linear:
                    nn.init.kaiming_normal_(linear.weight, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> LastLayer => ["features.layers.2", "features.layers.3"];

    /// <inheritdoc/>
    protected override Tensor Trunk(Tensor input) => conv_sep.call(layers.call(input));

    /// <inheritdoc/>
    protected override Tensor Head(Tensor features) => this.features.call(features);

    /// <inheritdoc/>
    protected internal override string Describe(OnnxGraph graph, string input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return graph.Sequence(input, layers, conv_sep, features);
    }
}
