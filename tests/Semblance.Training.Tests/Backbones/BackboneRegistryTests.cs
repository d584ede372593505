using Semblance.Training.Backbones;
using Semblance.Training.Native;
using Semblance.Training.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Backbones;

[Collection(nameof(GlobalGenerator))]
public sealed class BackboneSeedTests
{
    [Fact]
    public void TheSameSeedGivesTheSameWeights()
    {
        string Draw(long seed)
        {
            using var generator = manual_seed(seed);
            using Backbone backbone = BackboneRegistry.Create("smallresnet", 32, 64);
            return BackboneWeights.Fingerprint(backbone);
        }

        Assert.Equal(Draw(5), Draw(5));
        Assert.NotEqual(Draw(5), Draw(6));
    }
}

public sealed class BackboneRegistryTests
{
    public static TheoryData<string> LightNames => ["iresnet18", "mobilefacenet", "mobilefacenet-x2", "inception-resnet-v1", "smallresnet"];

    // Published: 24.0 M, 34.1 M, 43.6 M, 65.2 M (arcface_torch); 0.99 M and 2.06 M (MobileFaceNets, arcface_torch); 23.5 M (facenet-pytorch).
    // Exact counts derived by hand from the layer tables.
    [Theory]
    [InlineData("iresnet18", 512, 112, 24_025_600)]
    [InlineData("iresnet18", 512, 64, 15_374_848)]
    [InlineData("iresnet34", 512, 112, 34_139_328)]
    [InlineData("iresnet50", 512, 112, 43_590_848)]
    [InlineData("iresnet100", 512, 112, 65_156_160)]
    [InlineData("mobilefacenet", 128, 112, 1_003_136)]
    [InlineData("mobilefacenet", 512, 112, 1_200_512)]
    [InlineData("mobilefacenet", 128, 64, 986_240)]
    [InlineData("mobilefacenet-x2", 512, 112, 2_059_520)]
    [InlineData("inception-resnet-v1", 512, 112, 23_482_624)]
    [InlineData("inception-resnet-v1", 512, 64, 23_482_624)]
    [InlineData("smallresnet", 128, 64, 2_048_256)]
    public void ParameterCountsFollowFromTheLayerTables(string name, int embeddingSize, int inputSize, long expected)
    {
        using Backbone backbone = BackboneRegistry.Create(name, embeddingSize, inputSize);
        Assert.Equal(expected, backbone.parameters().Sum(p => p.NumberOfElements));
    }

    [Theory]
    [InlineData("iresnet18", "conv1.weight", "bn1.running_mean", "prelu.weight", "layer1.0.bn1.weight", "layer1.0.downsample.0.weight", "layer1.0.downsample.1.running_var", "layer4.1.prelu.weight", "bn2.bias", "fc.weight", "features.running_var")]
    [InlineData("mobilefacenet", "layers.0.layers.0.weight", "layers.1.layers.2.weight", "layers.2.layers.1.layers.0.weight", "layers.3.layers.3.layers.2.layers.1.running_var", "conv_sep.layers.1.weight", "features.layers.0.layers.0.weight", "features.layers.2.weight", "features.layers.3.running_mean")]
    [InlineData("inception-resnet-v1", "conv2d_1a.conv.weight", "conv2d_4b.bn.bias", "repeat_1.0.branch0.conv.weight", "repeat_1.4.branch2.2.bn.weight", "mixed_6a.branch0.conv.weight", "mixed_6a.branch1.2.conv.weight", "repeat_2.9.conv2d.bias", "mixed_7a.branch2.2.bn.running_mean", "repeat_3.0.branch1.1.conv.weight", "block8.conv2d.weight", "last_linear.weight", "last_bn.weight")]
    public void KeysAreThoseOfPublishedFiles(string name, params string[] keys)
    {
        using Backbone backbone = BackboneRegistry.Create(name, 16, 112);
        Assert.Subset(backbone.state_dict().Keys.ToHashSet(), keys.ToHashSet());
    }

    [Theory]
    [InlineData("iresnet18", 18)]
    [InlineData("iresnet100", 100)]
    public void IResNetsHaveTheLayersOfTheirName(string name, int layers)
    {
        using Backbone backbone = BackboneRegistry.Create(name, 8, 64);
        int convolutions = backbone.modules().OfType<Conv2d>().Count(c => c.kernel_size[0] == 3);
        Assert.Equal(layers, convolutions + 1);
    }

    [Theory]
    [MemberData(nameof(LightNames))]
    public void EmbeddingsHaveTheirShapeAtBothSizesAndEveryTrainableParameterGetsAGradient(string name)
    {
        foreach (int size in new[] { 64, 112 })
        {
            using var scope = NewDisposeScope();
            using Backbone backbone = BackboneRegistry.Create(name, 24, size);
            Tensor y = backbone.call(randn(2, 3, size, size));
            Assert.Equal([2, 24], y.shape);
            if (size == 64)
            {
                y.square().sum().backward();
                Assert.All(backbone.named_parameters().Where(p => p.parameter.requires_grad), p => Assert.False(p.parameter.grad is null, p.name));
            }
        }
    }

    [Theory]
    [InlineData("iresnet18")]
    [InlineData("smallresnet")]
    public void TheEmbeddingNormHasAWeightThatStaysAtOne(string name)
    {
        using Backbone backbone = BackboneRegistry.Create(name, 8, 64);
        var frozen = backbone.named_parameters().Where(p => !p.parameter.requires_grad).ToArray();
        Assert.Equal("features.weight", Assert.Single(frozen).name);
        Assert.True(frozen[0].parameter.eq(1).all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(LightNames))]
    public void ChannelsLastAndBFloat16ComputeTheSameUpToRoundingAndEndInFloat32(string name)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using Backbone backbone = RandomBackbone.Create(name, 32, 64);
        Tensor x = randn(4, 3, 64, 64);
        Tensor plain = nn.functional.normalize(backbone.call(x));
        ChannelsLast.Apply(backbone);
        Tensor strided = nn.functional.normalize(backbone.call(ChannelsLast.Of(x)));
        Assert.True((plain - strided).abs().max().item<float>() < 1e-4f);
        using Autocast cast = Autocast.BFloat16();
        Tensor rounded = backbone.call(ChannelsLast.Of(x));
        Assert.Equal(ScalarType.Float32, rounded.dtype);
        Assert.True((nn.functional.normalize(rounded) * plain).sum(1).min().item<float>() > 0.99f);
    }

    [Fact]
    public void AForwardPassLeavesNothingButItsResult()
    {
        using Backbone backbone = RandomBackbone.Create("smallresnet", 8, 64);
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor x = randn(1, 3, 64, 64);
        int before = scope.DisposablesCount;
        backbone.call(x);
        Assert.Equal(before + 1, scope.DisposablesCount);
    }

    [Fact]
    public void EvaluationDoesNotDependOnTheOthersInTheBatchNorOnDropout()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        using Backbone backbone = RandomBackbone.Create("smallresnet", 8, 64, dropout: 0.5);
        Tensor x = randn(3, 3, 64, 64);
        Tensor together = backbone.call(x);
        Tensor alone = backbone.call(x[1..2]);
        Assert.True((together[1] - alone[0]).abs().max().item<float>() < 1e-4f);
    }

    [Theory]
    [InlineData("iresnet19", 512, 112, 0, "did you mean 'iresnet18'?")]
    [InlineData("smallresnet", 0, 112, 0, "embedding size is 0")]
    [InlineData("smallresnet", 5000, 112, 0, "embedding size is 5000")]
    [InlineData("smallresnet", 128, 96, 0, "64 or 112")]
    [InlineData("smallresnet", 128, 64, 1, "dropout is 1")]
    [InlineData("smallresnet", 128, 64, double.NaN, "dropout is NaN")]
    [InlineData("mobilefacenet", 128, 64, 0.4, "no dropout layer")]
    public void WrongChoicesAreAnsweredWithWhatIsExpected(string name, int embeddingSize, int inputSize, double dropout, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<UsageException>(() => BackboneRegistry.Create(name, embeddingSize, inputSize, dropout)).Message,
            StringComparison.Ordinal);
}
