using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Semblance.Imaging;
using Semblance.Models;
using Semblance.Onnx;
using Semblance.Training.Backbones;
using Semblance.Training.Export;
using Semblance.Training.Tests.Backbones;
using Semblance.Training.Tests.Weights;
using Semblance.Training.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Export;

public sealed class OnnxExporterTests
{
    [Theory]
    [InlineData("iresnet18", 64)]
    [InlineData("iresnet18", 112)]
    [InlineData("mobilefacenet", 64)]
    [InlineData("mobilefacenet", 112)]
    [InlineData("inception-resnet-v1", 64)]
    [InlineData("inception-resnet-v1", 112)]
    [InlineData("smallresnet", 64)]
    [InlineData("smallresnet", 112)]
    public void OnnxRuntimeComputesTheModulesEmbeddings(string name, int size)
    {
        using var file = new TemporaryFile(".onnx");
        using Backbone backbone = RandomBackbone.Create(name, 48, size);
        OnnxExporter.Write(backbone, Card(backbone), file.Path);
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(file.Path, options);
        foreach (int batch in new[] { 1, 3 })
        {
            using var scope = NewDisposeScope();
            using var guard = no_grad();
            Tensor x = randn(batch, 3, size, size);
            float[] expected = nn.functional.normalize(backbone.call(x)).data<float>().ToArray();
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(x.data<float>().ToArray(), [batch, 3, size, size]);
            using var run = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, ["input"], [input], ["embedding"]);
            Assert.Equal([batch, 48], outputs[0].GetTensorTypeAndShape().Shape);
            float[] raw = outputs[0].GetTensorDataAsSpan<float>().ToArray();
            float[] actual = nn.functional.normalize(tensor(raw, [batch, 48])).data<float>().ToArray();
            Assert.InRange(expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max(), 0, 1e-4f);
            Assert.True(expected.Max() - expected.Min() > 0.1f, "The embeddings are degenerate, so that agreement would prove nothing.");
        }
    }

    // Of an IResNet block's three norms two fold and the first stays; so do the norm before flattening and none else.
    [Theory]
    [InlineData("iresnet18", 22, 9)]
    [InlineData("mobilefacenet", 50, 0)]
    [InlineData("inception-resnet-v1", 112, 0)]
    [InlineData("smallresnet", 15, 1)]
    public void NormsFoldWhereThatIsExact(string name, int folded, int kept)
    {
        using var scope = NewDisposeScope();
        using Backbone backbone = BackboneRegistry.Create(name, 16, 64);
        var graph = new OnnxGraph();
        backbone.Describe(graph, "input");
        Assert.Equal(kept, graph.Proto.Node.Count(n => n.OpType == "BatchNormalization"));
        Assert.Equal(folded, graph.FoldedNorms);
        Assert.Equal(backbone.modules().OfType<NormBase>().Count(), folded + kept);
        Assert.Equal(backbone.modules().OfType<Conv2d>().Count(), graph.Proto.Node.Count(n => n.OpType == "Conv"));
        Assert.Equal(1, graph.Proto.Node.Count(n => n.OpType == "Gemm"));
        Assert.DoesNotContain(graph.Proto.Node, n => n.OpType == "Dropout");
    }

    [Fact]
    public void TheFileDescribesItself()
    {
        using var file = new TemporaryFile(".onnx");
        using Backbone backbone = RandomBackbone.Create("mobilefacenet", 16, 64);
        ModelCard card = Card(backbone);
        OnnxExporter.Write(backbone, card, file.Path);
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(file.Path));
        Assert.Equal(8, model.IrVersion);
        Assert.Equal((17, ""), (Assert.Single(model.OpsetImport).Version, model.OpsetImport[0].Domain));
        ModelCard back = ModelCard.FromMetadata(model.MetadataProps.ToDictionary(m => m.Key, m => m.Value), file.Path);
        Assert.Equal(card.ToMetadata(), back.ToMetadata());
        ValueInfoProto input = Assert.Single(model.Graph.Input);
        Assert.Equal("input", input.Name);
        Assert.Equal("N", input.Type.TensorType.Shape.Dim[0].DimParam);
        Assert.Equal([3, 64, 64], input.Type.TensorType.Shape.Dim.Skip(1).Select(d => d.DimValue));
        ValueInfoProto output = Assert.Single(model.Graph.Output);
        Assert.Equal("embedding", output.Name);
        Assert.Equal(16, output.Type.TensorType.Shape.Dim[1].DimValue);
        Assert.All(
            model.Graph.Node.Where(n => n.OpType == "PRelu"),
            n => Assert.Equal([1, 1], model.Graph.Initializer.Single(i => i.Name == n.Input[1]).Dims.Skip(1)));
    }

    [Fact]
    public void ADoubleModuleAndTrainingModeExportTheSameFile()
    {
        using var first = new TemporaryFile(".onnx");
        using var second = new TemporaryFile(".onnx");
        using Backbone backbone = RandomBackbone.Create("smallresnet", 16, 64, dropout: 0.4);
        ModelCard card = Card(backbone);
        OnnxExporter.Write(backbone, card, first.Path);
        backbone.train();
        backbone.to(ScalarType.Float64);
        OnnxExporter.Write(backbone, card, second.Path);
        Assert.Equal(File.ReadAllBytes(first.Path), File.ReadAllBytes(second.Path));
    }

    [Fact]
    public void ACardOfAnotherModelIsRefusedAndNoFileIsLeft()
    {
        using var file = new TemporaryFile(".onnx");
        using Backbone backbone = BackboneRegistry.Create("smallresnet", 16, 64);
        ModelCard wrong = Card(backbone) with { EmbeddingSize = 17 };
        Assert.Contains("embedding size 17", Assert.Throws<SemblanceException>(() => OnnxExporter.Write(backbone, wrong, file.Path)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(file.Path));
    }

    [Fact]
    public void WeightsBeyondWhatAFileHoldsAreRefused()
    {
        using Backbone backbone = BackboneRegistry.Create("smallresnet", 16, 64);
        var graph = new OnnxGraph(largestWeights: 1 << 20);
        Assert.Contains("1 MB", Assert.Throws<SemblanceException>(() => backbone.Describe(graph, "input")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALayerWithoutTranslationIsNamed()
    {
        using var layer = nn.GELU();
        Assert.Contains("GELU", Assert.Throws<SemblanceException>(() => new OnnxGraph().Sequence("input", layer)).Message, StringComparison.Ordinal);
    }

    private static ModelCard Card(Backbone backbone) => new()
    {
        Backbone = backbone.RegisteredName,
        EmbeddingSize = backbone.EmbeddingSize,
        Preprocessing = new PreprocessingContract { Width = backbone.InputSize, Height = backbone.InputSize },
        Loss = "arcface",
        ModelFingerprint = BackboneWeights.Fingerprint(backbone),
        TrainingSetFingerprint = "abc",
        Thresholds = new Dictionary<string, double> { ["eer"] = 0.25 },
    };
}
