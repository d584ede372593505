using System.Buffers.Binary;
using System.Text;
using Semblance.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Weights;

public sealed class SafetensorsFileTests
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    public static TheoryData<ScalarType> Types =>
    [
        ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32,
        ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
    ];

    [Theory]
    [MemberData(nameof(Types))]
    public void EveryTypeComesBackBitForBit(ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor original = (randn(3, 5, 7, dtype: ScalarType.Float64) * 50).abs().to(type);
        using SafetensorsContent content = RoundTrip([new("x", original)], NoMetadata);
        Assert.Equal(type, content.Tensors["x"].dtype);
        Assert.Equal(original.shape, content.Tensors["x"].shape);
        Assert.Equal(original.bytes.ToArray(), content.Tensors["x"].bytes.ToArray());
    }

    [Fact]
    public void NanPayloadsAndNegativeZeroSurvive()
    {
        using var scope = NewDisposeScope();
        int[] bits = [0x7FC12345, unchecked((int)0x80000000), 0x7F800000, 1];
        Tensor original = tensor(bits.Select(BitConverter.Int32BitsToSingle).ToArray());
        using SafetensorsContent content = RoundTrip([new("x", original)], NoMetadata);
        Assert.Equal(bits, content.Tensors["x"].data<float>().ToArray().Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void ScalarsEmptyTensorsStridedViewsAndMetadataSurvive()
    {
        using var scope = NewDisposeScope();
        Tensor strided = arange(24, dtype: ScalarType.Float32).view(2, 3, 4).permute(2, 0, 1);
        using SafetensorsContent content = RoundTrip(
            [new("scalar", tensor(7L)), new("none", zeros(0, 4)), new("view", strided), new("flag", tensor(true))],
            new Dictionary<string, string> { ["position"] = "{\"epoch\": 3}", ["name"] = "Zoë \"x\"" });
        Assert.Empty(content.Tensors["scalar"].shape);
        Assert.Equal(7L, content.Tensors["scalar"].item<long>());
        Assert.Equal([0, 4], content.Tensors["none"].shape);
        Assert.Equal(strided.contiguous().bytes.ToArray(), content.Tensors["view"].bytes.ToArray());
        Assert.True(content.Tensors["flag"].item<bool>());
        Assert.Equal("{\"epoch\": 3}", content.Metadata["position"]);
        Assert.Equal("Zoë \"x\"", content.Metadata["name"]);
    }

    [Fact]
    public void TensorsOutliveADisposeScope()
    {
        using var file = new TemporaryFile(".safetensors");
        Save(file.Path, [new("x", ones(4))], NoMetadata);
        SafetensorsContent content;
        using (NewDisposeScope())
        {
            content = SafetensorsFile.Read(file.Path);
        }

        using (content)
        {
            Assert.Equal(4f, content.Tensors["x"].sum().item<float>());
        }

        Assert.True(content.Tensors["x"].IsInvalid);
    }

    [Fact]
    public void AFileCutAnywhereIsRefused()
    {
        byte[] whole = Bytes([new("a", ones(5)), new("b", tensor(3L))], NoMetadata);
        using var file = new TemporaryFile(".safetensors");
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(file.Path, whole[..length]);
            SemblanceException e = Assert.Throws<SemblanceException>(() => SafetensorsFile.Read(file.Path));
            Assert.Contains("truncated", e.Message, StringComparison.Ordinal);
            Assert.Contains(file.Path, e.Message, StringComparison.Ordinal);
        }

        File.WriteAllBytes(file.Path, [.. whole, 0]);
        Assert.Throws<SemblanceException>(() => SafetensorsFile.Read(file.Path));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[12,20]}}""", 20, "gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "holds 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "needs 12 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "spans -8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "impossible size")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "twice")]
    [InlineData("""{"a":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}}""", 8, "Q4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", 8, "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", 8, "whole number")]
    [InlineData("""{"a":7}""", 8, "lacks")]
    [InlineData("""[1]""", 0, "no JSON object")]
    [InlineData("""{"a":""", 0, "no valid safetensors header")]
    [InlineData("""{"a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}""", 2, "true and false")]
    public void ALyingHeaderIsRefusedWithItsLie(string header, int dataLength, string expected)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] bytes = new byte[8 + json.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        bytes.AsSpan(8 + json.Length).Fill(9);
        using var file = new TemporaryFile(".safetensors");
        File.WriteAllBytes(file.Path, bytes);
        SemblanceException e = Assert.Throws<SemblanceException>(() => SafetensorsFile.Read(file.Path));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    [InlineData(1000L)]
    public void AnImpossibleHeaderLengthIsRefused(long claimed)
    {
        byte[] bytes = new byte[64];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, claimed);
        using var file = new TemporaryFile(".safetensors");
        File.WriteAllBytes(file.Path, bytes);
        Assert.Contains("header", Assert.Throws<SemblanceException>(() => SafetensorsFile.Read(file.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingFileIsNamed() =>
        Assert.Contains("/nowhere/x.safetensors", Assert.Throws<SemblanceException>(() => SafetensorsFile.Read("/nowhere/x.safetensors")).Message, StringComparison.Ordinal);

    [Fact]
    public void TwoTensorsOfOneNameAreNotWritten()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<SemblanceException>(() => Bytes([new("a", ones(1)), new("a", ones(1))], NoMetadata));
    }

    private static SafetensorsContent RoundTrip(IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var file = new TemporaryFile(".safetensors");
        Save(file.Path, tensors, metadata);
        return SafetensorsFile.Read(file.Path);
    }

    private static void Save(string path, IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata) =>
        Semblance.IO.AtomicFile.Write(path, stream => SafetensorsFile.Write(stream, tensors, metadata));

    private static byte[] Bytes(IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, tensors, metadata);
        return stream.ToArray();
    }
}
