using Semblance.Training.Export;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Backbones;

/// <summary>
/// Inception-ResNet-v1 (Szegedy et al., "Inception-v4, Inception-ResNet and the Impact of Residual Connections on Learning", AAAI 2017), the
/// later network of FaceNet, with the layout and keys of facenet-pytorch: 23.5 M parameters at 512-d at any input size (adaptive pooling).
/// Embeddings leave it before facenet-pytorch's final L2 normalisation. Its convolutions are not padded, so 64 px would shrink to nothing:
/// there the first convolution has stride 1 in place of 2, with weights of the same shape. Published files expect pixels as (byte − 127.5) / 128.
/// </summary>
public sealed class InceptionResNetV1 : Backbone
{
    private const int FullStrideFrom = 75;
    private const int Channels = 1792;

    private readonly InceptionConv conv2d_1a;
    private readonly InceptionConv conv2d_2a;
    private readonly InceptionConv conv2d_2b;
    private readonly InceptionConv conv2d_3b;
    private readonly InceptionConv conv2d_4a;
    private readonly InceptionConv conv2d_4b;
    private readonly Sequential repeat_1;
    private readonly InceptionReduction mixed_6a;
    private readonly Sequential repeat_2;
    private readonly InceptionReduction mixed_7a;
    private readonly Sequential repeat_3;
    private readonly InceptionResidual block8;
    private readonly Dropout dropout;
    private readonly Linear last_linear;
    private readonly BatchNorm1d last_bn;

    internal InceptionResNetV1(string name, int embeddingSize, int inputSize, double dropout)
        : base(name, embeddingSize, inputSize)
    {
        conv2d_1a = new InceptionConv(3, 32, 3, inputSize >= FullStrideFrom ? 2 : 1);
        conv2d_2a = new InceptionConv(32, 32, 3);
        conv2d_2b = new InceptionConv(32, 64, 3, pad: true);
        conv2d_3b = new InceptionConv(64, 80, 1);
        conv2d_4a = new InceptionConv(80, 192, 3);
        conv2d_4b = new InceptionConv(192, 256, 3, 2);
        repeat_1 = Repeat(5, InceptionResidual.Block35);
        mixed_6a = InceptionReduction.Mixed6a();
        repeat_2 = Repeat(10, InceptionResidual.Block17);
        mixed_7a = InceptionReduction.Mixed7a();
        repeat_3 = Repeat(5, () => InceptionResidual.Block8(0.20, relu: true));
        block8 = InceptionResidual.Block8(1.0, relu: false);
        this.dropout = nn.Dropout(dropout);
        last_linear = nn.Linear(Channels, embeddingSize, hasBias: false);
        last_bn = nn.BatchNorm1d(embeddingSize, eps: 1e-3);
        RegisterComponents();
    }

    /// <summary>Published files keep their classifier under "logits".</summary>
    /// <param name="key">A key of the file.</param>
    protected internal override bool IsForeignKey(string key) => key is "logits.weight" or "logits.bias";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> LastLayer => ["last_linear", "last_bn"];

    /// <inheritdoc/>
    protected override Tensor Trunk(Tensor input)
    {
        Tensor x = conv2d_2b.call(conv2d_2a.call(conv2d_1a.call(input)));
        x = conv2d_4b.call(conv2d_4a.call(conv2d_3b.call(nn.functional.max_pool2d(x, 3, 2))));
        x = repeat_2.call(mixed_6a.call(repeat_1.call(x)));
        x = block8.call(repeat_3.call(mixed_7a.call(x)));
        return x.mean([2, 3]);
    }

    /// <inheritdoc/>
    protected override Tensor Head(Tensor features) => last_bn.call(last_linear.call(dropout.call(features)));

    /// <inheritdoc/>
    protected internal override string Describe(OnnxGraph graph, string input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        string x = graph.MaxPool(graph.Sequence(input, conv2d_1a, conv2d_2a, conv2d_2b), 3, 2);
        x = graph.Sequence(x, conv2d_3b, conv2d_4a, conv2d_4b, repeat_1, mixed_6a, repeat_2, mixed_7a, repeat_3, block8);
        return graph.Sequence(graph.Flatten(graph.GlobalAveragePool(x)), dropout, last_linear, last_bn);
    }

    private static Sequential Repeat(int count, Func<InceptionResidual> block) =>
        nn.Sequential(Enumerable.Range(0, count).Select(_ => (nn.Module<Tensor, Tensor>)block()));
}
