using Semblance.Training.Export;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Backbones;

/// <summary>
/// A light ResNet for training on a CPU at 64 px: 3×3 stem with stride 2, stages of 32, 64, 128 and 256 channels at a half, a quarter, an
/// eighth and a sixteenth of the size, and the head of <see cref="IResNet"/> (BN → dropout → flatten → FC → BN with weight 1), which keeps
/// where in the face a feature was seen. Depth lies where planes are small: a convolution costs the same in each stage, a plane's traffic
/// halves from one to the next. 2.05 M parameters and 83 million multiply-adds at 64 px and 128-d.
/// </summary>
public sealed class SmallResNet : Backbone
{
    private const int Shrink = 16;

    private static readonly (int Width, int Depth)[] s_stages = [(32, 1), (64, 1), (128, 2), (256, 1)];

    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly PReLU prelu;
    private readonly Sequential layers;
    private readonly BatchNorm2d bn2;
    private readonly Dropout dropout;
    private readonly Linear fc;
    private readonly BatchNorm1d features;

    internal SmallResNet(string name, int embeddingSize, int inputSize, double dropout)
        : base(name, embeddingSize, inputSize)
    {
        int channels = s_stages[0].Width;
        conv1 = Layers.Conv(3, channels, 3, stride: 2);
        bn1 = nn.BatchNorm2d(channels);
        prelu = nn.PReLU(channels);
        var blocks = new List<nn.Module<Tensor, Tensor>>();
        for (int stage = 0; stage < s_stages.Length; stage++)
        {
            for (int i = 0; i < s_stages[stage].Depth; i++)
            {
                blocks.Add(new SmallResNetBlock(channels, s_stages[stage].Width, i == 0 && stage > 0 ? 2 : 1));
                channels = s_stages[stage].Width;
            }
        }

        layers = nn.Sequential(blocks);
        bn2 = nn.BatchNorm2d(channels);
        this.dropout = nn.Dropout(dropout);
        fc = nn.Linear((long)channels * (inputSize / Shrink) * (inputSize / Shrink), embeddingSize);
        features = Layers.EmbeddingNorm(embeddingSize);
        RegisterComponents();
        foreach (Conv2d conv in modules().OfType<Conv2d>())
        {
            nn.init.kaiming_normal_(conv.weight, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
        }
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> LastLayer => ["fc", "features"];

    /// <inheritdoc/>
    protected override Tensor Trunk(Tensor input) => layers.call(prelu.call(bn1.call(conv1.call(input))));

    /// <inheritdoc/>
    protected override Tensor Head(Tensor features) =>
        this.features.call(fc.call(dropout.call(bn2.call(features).flatten(1))));

    /// <inheritdoc/>
    protected internal override string Describe(OnnxGraph graph, string input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        string trunk = graph.Sequence(input, conv1, bn1, prelu, layers, bn2);
        return graph.Sequence(graph.Flatten(trunk), dropout, fc, features);
    }
}
