using Semblance.Recognition.Models;

namespace Semblance.Recognition.Tests;

public sealed class ModelFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_the_card_without_a_session()
    {
        var model = TinyModel.WithThresholds(new() { ["fmr=1e-3"] = 0.31 });
        Assert.Equal(model.Card.ToMetadata(), ModelFile.ReadCard(model.Write(_folder)).ToMetadata());
    }

    [Fact]
    public void Reads_no_weights()
    {
        // A graph of 200 MB, sparse on disk: reading it would show in the time and the allocation.
        string path = _folder.File("large.onnx");
        var model = new TinyModel();
        byte[] tail = new ProtoWriter().Varint(1, 8).ToArray();
        using (var stream = File.Create(path))
        {
            const int Graph = 200_000_000;
            stream.Write([(7 << 3) | 2, .. Varint(Graph)]);
            stream.Seek(Graph, SeekOrigin.Current);
            stream.Write(tail);
            foreach ((string key, string value) in model.Card.ToMetadata())
            {
                stream.Write(new ProtoWriter().Message(14, entry => entry.Text(1, key).Text(2, value)).ToArray());
            }
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(model.Card.ModelFingerprint, ModelFile.ReadCard(path).ModelFingerprint);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    private static byte[] Varint(long value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }
}
