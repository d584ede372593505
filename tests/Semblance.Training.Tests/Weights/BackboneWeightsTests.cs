using Semblance.Training.Backbones;
using Semblance.Training.Tests.Backbones;
using Semblance.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Weights;

public sealed class BackboneWeightsTests
{
    [Fact]
    public void ASavedBackboneComesBackWithItsFingerprint()
    {
        using var file = new TemporaryFile(".safetensors");
        using Backbone saved = RandomBackbone.Create("smallresnet", 32, 64);
        using Backbone loaded = BackboneRegistry.Create("smallresnet", 32, 64);
        Assert.NotEqual(BackboneWeights.Fingerprint(saved), BackboneWeights.Fingerprint(loaded));
        BackboneWeights.Save(saved, file.Path, new Dictionary<string, string> { ["note"] = "x" });
        BackboneWeights.Load(loaded, file.Path);
        Assert.Equal(BackboneWeights.Fingerprint(saved), BackboneWeights.Fingerprint(loaded));
    }

    [Fact]
    public void APyTorchFileLoadsByKeyWithOrWithoutPrefixAndBatchCounters()
    {
        using var file = new TemporaryFile(".pth");
        using Backbone saved = RandomBackbone.Create("mobilefacenet", 16, 64);
        using Backbone loaded = BackboneRegistry.Create("mobilefacenet", 16, 64);
        Dictionary<string, Tensor> state = saved.state_dict()
            .Where(t => !t.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal))
            .ToDictionary(t => "module." + t.Key, t => t.Value);
        PyTorchArchive.WriteStateDict(file.Path, state);
        BackboneWeights.Load(loaded, file.Path);
        Assert.Equal(BackboneWeights.Fingerprint(saved), BackboneWeights.Fingerprint(loaded));
    }

    [Fact]
    public void AClassifierLeftInAFaceNetFileIsIgnored()
    {
        using var scope = NewDisposeScope();
        using Backbone backbone = BackboneRegistry.Create("inception-resnet-v1", 16, 64);
        Dictionary<string, Tensor> state = backbone.state_dict();
        state.Add("logits.weight", zeros(10, 16));
        state.Add("logits.bias", zeros(10));
        BackboneWeights.Load(backbone, state, "vggface2.pt");
    }

    [Fact]
    public void MissingUnexpectedAndMisshapenKeysAreNamedAndNothingIsLoaded()
    {
        using var scope = NewDisposeScope();
        using Backbone backbone = BackboneRegistry.Create("smallresnet", 32, 64);
        string before = BackboneWeights.Fingerprint(backbone);
        Dictionary<string, Tensor> state = backbone.state_dict().ToDictionary(t => t.Key, t => ones_like(t.Value));
        state.Remove("bn1.running_var");
        state.Add("logits.weight", ones(3));
        state["fc.weight"] = ones(32, 9);
        SemblanceException e = Assert.Throws<SemblanceException>(() => BackboneWeights.Load(backbone, state, "a.pth"));
        Assert.Contains("1 missing (bn1.running_var)", e.Message, StringComparison.Ordinal);
        Assert.Contains("1 unexpected (logits.weight)", e.Message, StringComparison.Ordinal);
        Assert.Contains("fc.weight is [32×9], expected [32×4096]", e.Message, StringComparison.Ordinal);
        Assert.Contains("a.pth", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, BackboneWeights.Fingerprint(backbone));
    }

    [Fact]
    public void AnUnknownKindOfFileIsRefused()
    {
        using Backbone backbone = BackboneRegistry.Create("smallresnet", 8, 64);
        Assert.Contains(".safetensors", Assert.Throws<SemblanceException>(() => BackboneWeights.Load(backbone, "x.onnx")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheFingerprintSeesOneBitAndNoStrides()
    {
        using var scope = NewDisposeScope();
        using Backbone backbone = BackboneRegistry.Create("smallresnet", 8, 64);
        string before = BackboneWeights.Fingerprint(backbone);
        Assert.Matches("^[0-9a-f]{64}$", before);
        Training.Native.ChannelsLast.Apply(backbone);
        Assert.Equal(before, BackboneWeights.Fingerprint(backbone));
        using (no_grad())
        {
            Tensor mean = backbone.state_dict()["bn1.running_mean"];
            mean[0] = tensor(float.Epsilon);
        }

        Assert.NotEqual(before, BackboneWeights.Fingerprint(backbone));
    }
}
