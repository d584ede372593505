using Semblance.Training.Export;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Backbones;

/// <summary>
/// The improved ResNet of "ArcFace: Additive Angular Margin Loss for Deep Face Recognition" (Deng et al., CVPR 2019), as in its PyTorch code
/// (InsightFace, arcface_torch): 3×3 stem with stride 1, four stages that each halve the size, head BN → dropout → flatten → FC → BN whose
/// weight is fixed at 1. Parameters at 112 px and 512-d: 24.0 M (18), 34.1 M (34), 43.6 M (50), 65.2 M (100). Published .pth files load by
/// key.
/// </summary>
public sealed class IResNet : Backbone
{
    private const int Shrink = 16;

    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly PReLU prelu;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Sequential layer4;
    private readonly BatchNorm2d bn2;
    private readonly Dropout dropout;
    private readonly Linear fc;
    private readonly BatchNorm1d features;

    internal IResNet(string name, IReadOnlyList<int> depths, int embeddingSize, int inputSize, double dropout)
        : base(name, embeddingSize, inputSize)
    {
        conv1 = Layers.Conv(3, 64, 3);
        bn1 = nn.BatchNorm2d(64, eps: 1e-5);
        prelu = nn.PReLU(64);
        layer1 = Stage(64, 64, depths[0]);
        layer2 = Stage(64, 128, depths[1]);
        layer3 = Stage(128, 256, depths[2]);
        layer4 = Stage(256, 512, depths[3]);
        bn2 = nn.BatchNorm2d(512, eps: 1e-5);
        this.dropout = nn.Dropout(dropout);
        fc = nn.Linear(512L * (inputSize / Shrink) * (inputSize / Shrink), embeddingSize);
        features = Layers.EmbeddingNorm(embeddingSize);
        RegisterComponents();
        foreach (Conv2d conv in modules().OfType<Conv2d>())
        {
            nn.init.normal_(conv.weight, 0, 0.1);
        }
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> LastLayer => ["fc", "features"];

    /// <inheritdoc/>
    protected override Tensor Trunk(Tensor input)
    {
        Tensor x = prelu.call(bn1.call(conv1.call(input)));
        return layer4.call(layer3.call(layer2.call(layer1.call(x))));
    }

    /// <inheritdoc/>
    protected override Tensor Head(Tensor features) =>
        this.features.call(fc.call(dropout.call(bn2.call(features).flatten(1))));

    /// <inheritdoc/>
    protected internal override string Describe(OnnxGraph graph, string input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        string trunk = graph.Sequence(input, conv1, bn1, prelu, layer1, layer2, layer3, layer4, bn2);
        return graph.Sequence(graph.Flatten(trunk), dropout, fc, features);
    }

    private static Sequential Stage(long inputs, long outputs, int depth) =>
        nn.Sequential(Enumerable.Range(0, depth).Select(i =>
            (nn.Module<Tensor, Tensor>)new IResNetBlock(i == 0 ? inputs : outputs, outputs, i == 0 ? 2 : 1)));
}
