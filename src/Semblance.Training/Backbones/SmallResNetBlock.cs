using Semblance.Training.Export;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Backbones;

/// <summary>The basic block (He et al., CVPR 2016) with PReLU: conv → BN → PReLU → conv → BN, sum, PReLU. Every batch norm folds at export.</summary>
internal sealed class SmallResNetBlock : nn.Module<Tensor, Tensor>, IOnnxNode
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly PReLU prelu1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly PReLU prelu2;
    private readonly Sequential? downsample;

    public SmallResNetBlock(long inputs, long outputs, long stride)
        : base(nameof(SmallResNetBlock))
    {
        conv1 = Layers.Conv(inputs, outputs, 3, stride);
        bn1 = nn.BatchNorm2d(outputs);
        prelu1 = nn.PReLU(outputs);
        conv2 = Layers.Conv(outputs, outputs, 3);
        bn2 = nn.BatchNorm2d(outputs);
        prelu2 = nn.PReLU(outputs);
        if (stride != 1 || inputs != outputs)
        {
            downsample = nn.Sequential(Layers.Conv(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs));
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor x = prelu1.call(bn1.call(conv1.call(input)));
        x = bn2.call(conv2.call(x)).add_(downsample is null ? input : downsample.call(input));
        return prelu2.call(x).MoveToOuterDisposeScope();
    }

    public string Describe(OnnxGraph graph, string input)
    {
        string residual = graph.Sequence(input, conv1, bn1, prelu1, conv2, bn2);
        string shortcut = downsample is null ? input : graph.Sequence(input, downsample);
        return graph.Sequence(graph.Add(residual, shortcut), prelu2);
    }
}
