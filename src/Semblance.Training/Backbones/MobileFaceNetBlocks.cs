using Semblance.Training.Export;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Backbones;

/// <summary>Convolution and batch norm, with a PReLU or (linear) without.</summary>
internal sealed class MobileConvBlock : nn.Module<Tensor, Tensor>, IOnnxNode
{
    private readonly Sequential layers;

    public MobileConvBlock(long inputs, long outputs, long kernel = 1, long stride = 1, long groups = 1, bool pad = true, bool linear = false)
        : base(nameof(MobileConvBlock))
    {
        Conv2d conv = nn.Conv2d(inputs, outputs, kernel, stride: stride, padding: pad ? kernel / 2 : 0, groups: groups, bias: false);
        BatchNorm2d norm = nn.BatchNorm2d(outputs);
        layers = linear ? nn.Sequential(conv, norm) : nn.Sequential(conv, norm, nn.PReLU(outputs));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => layers.call(input);

    public string Describe(OnnxGraph graph, string input) => graph.Sequence(input, layers);
}

/// <summary>The inverted bottleneck: 1×1 up to <c>width</c>, 3×3 depthwise, linear 1×1 down; with a shortcut where it is residual.</summary>
internal sealed class MobileBottleneck : nn.Module<Tensor, Tensor>, IOnnxNode
{
    private readonly bool _residual;
    private readonly Sequential layers;

    public MobileBottleneck(long inputs, long outputs, long width, bool residual)
        : base(nameof(MobileBottleneck))
    {
        _residual = residual;
        layers = nn.Sequential(
            new MobileConvBlock(inputs, width),
            new MobileConvBlock(width, width, 3, residual ? 1 : 2, groups: width),
            new MobileConvBlock(width, outputs, linear: true));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor x = layers.call(input);
        return (_residual ? x.add_(input) : x).MoveToOuterDisposeScope();
    }

    public string Describe(OnnxGraph graph, string input)
    {
        string x = graph.Sequence(input, layers);
        return _residual ? graph.Add(x, input) : x;
    }
}

/// <summary>A run of residual bottlenecks of one width.</summary>
internal sealed class MobileResidual : nn.Module<Tensor, Tensor>, IOnnxNode
{
    private readonly Sequential layers;

    public MobileResidual(long channels, int depth, long width)
        : base(nameof(MobileResidual))
    {
        layers = nn.Sequential(Enumerable.Range(0, depth)
            .Select(_ => (nn.Module<Tensor, Tensor>)new MobileBottleneck(channels, channels, width, residual: true)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => layers.call(input);

    public string Describe(OnnxGraph graph, string input) => graph.Sequence(input, layers);
}

/// <summary>The head: a global depthwise convolution learns a weight per place where a pooling would take the mean; then FC and BN.</summary>
internal sealed class MobileHead : nn.Module<Tensor, Tensor>, IOnnxNode
{
    private readonly Sequential layers;

    public MobileHead(long channels, long places, long embeddingSize)
        : base(nameof(MobileHead))
    {
        layers = nn.Sequential(
            new MobileConvBlock(channels, channels, places, groups: channels, pad: false, linear: true),
            nn.Flatten(),
            nn.Linear(channels, embeddingSize, hasBias: false),
            nn.BatchNorm1d(embeddingSize));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => layers.call(input);

    public string Describe(OnnxGraph graph, string input) => graph.Sequence(input, layers);
}
