using Semblance.Training.Export;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Backbones;

/// <summary>
/// The residual block of the ArcFace paper's code: BN → conv → BN → PReLU → conv → BN, no activation after the sum. Field names are the keys
/// of published weight files.
/// </summary>
internal sealed class IResNetBlock : nn.Module<Tensor, Tensor>, IOnnxNode
{
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn2;
    private readonly PReLU prelu;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn3;
    private readonly Sequential? downsample;

    public IResNetBlock(long inputs, long outputs, long stride)
        : base(nameof(IResNetBlock))
    {
        bn1 = nn.BatchNorm2d(inputs, eps: 1e-5);
        conv1 = Layers.Conv(inputs, outputs, 3);
        bn2 = nn.BatchNorm2d(outputs, eps: 1e-5);
        prelu = nn.PReLU(outputs);
        conv2 = Layers.Conv(outputs, outputs, 3, stride);
        bn3 = nn.BatchNorm2d(outputs, eps: 1e-5);
        if (stride != 1 || inputs != outputs)
        {
            downsample = nn.Sequential(Layers.Conv(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs, eps: 1e-5));
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor x = bn2.call(conv1.call(bn1.call(input)));
        x = bn3.call(conv2.call(prelu.call(x)));
        return x.add_(downsample is null ? input : downsample.call(input)).MoveToOuterDisposeScope();
    }

    public string Describe(OnnxGraph graph, string input)
    {
        string residual = graph.Sequence(input, bn1, conv1, bn2, prelu, conv2, bn3);
        return graph.Add(residual, downsample is null ? input : graph.Sequence(input, downsample));
    }
}
