using Semblance.Training.Export;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Backbones;

/// <summary>Convolution, batch norm with the ε of the original TensorFlow code, ReLU.</summary>
internal sealed class InceptionConv : nn.Module<Tensor, Tensor>, IOnnxNode
{
    private readonly Conv2d conv;
    private readonly BatchNorm2d bn;

    public InceptionConv(long inputs, long outputs, (long Height, long Width) kernel, long stride = 1, bool pad = false)
        : base(nameof(InceptionConv))
    {
        (long, long) padding = pad ? (kernel.Height / 2, kernel.Width / 2) : (0, 0);
        conv = nn.Conv2d(inputs, outputs, kernel, stride: (stride, stride), padding: padding, bias: false);
        bn = nn.BatchNorm2d(outputs, eps: 1e-3);
        RegisterComponents();
    }

    public InceptionConv(long inputs, long outputs, long kernel, long stride = 1, bool pad = false)
        : this(inputs, outputs, (kernel, kernel), stride, pad)
    {
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return bn.call(conv.call(input)).relu_().MoveToOuterDisposeScope();
    }

    public string Describe(OnnxGraph graph, string input) => graph.Relu(graph.Sequence(input, conv, bn));
}

/// <summary>Parallel branches joined along the channels; the base of both kinds of block.</summary>
internal abstract class InceptionBranches : nn.Module<Tensor, Tensor>, IOnnxNode
{
    private readonly List<nn.Module<Tensor, Tensor>> _branches = [];

    protected InceptionBranches(string name)
        : base(name)
    {
    }

    public abstract override Tensor forward(Tensor input);

    public abstract string Describe(OnnxGraph graph, string input);

    /// <summary>Adds a branch under the key that published files use: a lone convolution is not wrapped, several form a sequence.</summary>
    protected void Branch(params InceptionConv[] layers)
    {
        nn.Module<Tensor, Tensor> branch = layers.Length == 1 ? layers[0] : nn.Sequential(layers);
        register_module($"branch{_branches.Count}", branch);
        _branches.Add(branch);
    }

    protected IEnumerable<Tensor> Call(Tensor input) => _branches.Select(b => b.call(input));

    protected IEnumerable<string> DescribeBranches(OnnxGraph graph, string input) => _branches.Select(b => graph.Sequence(input, b));
}

/// <summary>The residual block: branches, a 1×1 convolution with bias, scaled and added to the input; a ReLU unless it is the last.</summary>
internal sealed class InceptionResidual : InceptionBranches
{
    private readonly double _scale;
    private readonly bool _relu;
    private readonly Conv2d conv2d;

    private InceptionResidual(string name, long channels, long joined, double scale, bool relu, params InceptionConv[][] branches)
        : base(name)
    {
        (_scale, _relu) = (scale, relu);
        foreach (InceptionConv[] branch in branches)
        {
            Branch(branch);
        }

        conv2d = nn.Conv2d(joined, channels, 1);
        register_module(nameof(conv2d), conv2d);
    }

    /// <summary>35 px in the paper; 256 channels.</summary>
    public static InceptionResidual Block35() => new(
        nameof(Block35), 256, 96, 0.17, relu: true,
        [new(256, 32, 1)],
        [new(256, 32, 1), new(32, 32, 3, pad: true)],
        [new(256, 32, 1), new(32, 32, 3, pad: true), new(32, 32, 3, pad: true)]);

    /// <summary>17 px in the paper; 896 channels.</summary>
    public static InceptionResidual Block17() => new(
        nameof(Block17), 896, 256, 0.10, relu: true,
        [new(896, 128, 1)],
        [new(896, 128, 1), new(128, 128, (1, 7), pad: true), new(128, 128, (7, 1), pad: true)]);

    /// <summary>8 px in the paper; 1,792 channels.</summary>
    public static InceptionResidual Block8(double scale, bool relu) => new(
        nameof(Block8), 1792, 384, scale, relu,
        [new(1792, 192, 1)],
        [new(1792, 192, 1), new(192, 192, (1, 3), pad: true), new(192, 192, (3, 1), pad: true)]);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor x = conv2d.call(cat([.. Call(input)], 1));
        x = input.add(x, alpha: _scale);
        return (_relu ? x.relu_() : x).MoveToOuterDisposeScope();
    }

    public override string Describe(OnnxGraph graph, string input)
    {
        string x = graph.Add(graph.Convolution(graph.Concat([.. DescribeBranches(graph, input)]), conv2d, scale: _scale), input);
        return _relu ? graph.Relu(x) : x;
    }
}

/// <summary>The reduction block: branches with stride 2 beside a max pooling.</summary>
internal sealed class InceptionReduction : InceptionBranches
{
    private InceptionReduction(string name, params InceptionConv[][] branches)
        : base(name)
    {
        foreach (InceptionConv[] branch in branches)
        {
            Branch(branch);
        }
    }

    /// <summary>256 to 896 channels.</summary>
    public static InceptionReduction Mixed6a() => new(
        nameof(Mixed6a),
        [new(256, 384, 3, 2)],
        [new(256, 192, 1), new(192, 192, 3, pad: true), new(192, 256, 3, 2)]);

    /// <summary>896 to 1,792 channels.</summary>
    public static InceptionReduction Mixed7a() => new(
        nameof(Mixed7a),
        [new(896, 256, 1), new(256, 384, 3, 2)],
        [new(896, 256, 1), new(256, 256, 3, 2)],
        [new(896, 256, 1), new(256, 256, 3, pad: true), new(256, 256, 3, 2)]);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return cat([.. Call(input), nn.functional.max_pool2d(input, 3, 2)], 1).MoveToOuterDisposeScope();
    }

    public override string Describe(OnnxGraph graph, string input) =>
        graph.Concat([.. DescribeBranches(graph, input), graph.MaxPool(input, 3, 2)]);
}
