using System.Globalization;
using Semblance.Imaging;
using Semblance.Models;

namespace Semblance.Tests.Models;

public sealed class ModelCardTests
{
    private static readonly ModelCard Card = new()
    {
        Preprocessing = new PreprocessingContract { Width = 64, Height = 72, ColorOrder = ColorOrder.Bgr, Mean = 0.1f, Std = 1f / 3, AlignmentTemplate = "none" },
        EmbeddingSize = 128,
        Backbone = "iresnet18",
        Loss = "arcface",
        TrainingSetFingerprint = "abc",
        ModelFingerprint = "def",
        Thresholds = new Dictionary<string, double> { ["eer"] = 0.1 + 0.2, ["fmr=1e-3"] = -1e-17 },
    };

    [Fact]
    public void ACardComesBackFromItsMetadataExactly()
    {
        ModelCard back = ModelCard.FromMetadata(Card.ToMetadata(), "m.onnx");
        Assert.Equal(Card.Thresholds, back.Thresholds);
        Assert.Equal(Card, back with { Thresholds = Card.Thresholds });
    }

    [Fact]
    public void EveryKeyBearsThePrefixAndEveryKeyIsNeeded()
    {
        IReadOnlyDictionary<string, string> metadata = Card.ToMetadata();
        foreach (string key in metadata.Keys)
        {
            Assert.StartsWith(ModelCard.KeyPrefix, key, StringComparison.Ordinal);
            var e = Assert.Throws<SemblanceException>(() => ModelCard.FromMetadata(metadata.Where(pair => pair.Key != key).ToDictionary(), "m.onnx"));
            Assert.StartsWith("m.onnx: is no face model", e.Message, StringComparison.Ordinal);
            Assert.Contains(key, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AFileThatSaysNothingOfMirrorImagesAddsThem()
    {
        Assert.True(ModelCard.FromMetadata(Card.ToMetadata(), "m.onnx").AddsMirrorImage);
        Assert.False(ModelCard.FromMetadata((Card with { AddsMirrorImage = false }).ToMetadata(), "m.onnx").AddsMirrorImage);
    }

    [Theory]
    [InlineData("format", "2")]
    [InlineData("input_width", "0")]
    [InlineData("input_height", "wide")]
    [InlineData("color_order", "RGB")]
    [InlineData("mean", "NaN")]
    [InlineData("std", "0")]
    [InlineData("std", "-1")]
    [InlineData("embedding_size", "1e3")]
    [InlineData("thresholds", "[1]")]
    [InlineData("thresholds", "{")]
    [InlineData("flip", "no")]
    public void ValuesWithoutSenseAreNamed(string key, string value)
    {
        var metadata = new Dictionary<string, string>(Card.ToMetadata()) { [ModelCard.KeyPrefix + key] = value };
        var e = Assert.Throws<SemblanceException>(() => ModelCard.FromMetadata(metadata, "m.onnx"));
        Assert.StartsWith("m.onnx: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(key, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ForeignKeysAreIgnored() =>
        Assert.Equal(128, ModelCard.FromMetadata(new Dictionary<string, string>(Card.ToMetadata()) { ["producer"] = "x" }, "m.onnx").EmbeddingSize);

    [Fact]
    public void NumbersDoNotFollowTheUsersLanguage()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            IReadOnlyDictionary<string, string> metadata = Card.ToMetadata();
            Assert.Equal("0.1", metadata[ModelCard.KeyPrefix + "mean"]);
            Assert.Equal(Card.Preprocessing, ModelCard.FromMetadata(metadata, "m.onnx").Preprocessing);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
