using Google.Protobuf;
using Semblance.Onnx;

namespace Semblance.Recognition.Tests.Models;

public sealed class OnnxFormatTests
{
    [Fact]
    public void A_model_survives_reading_and_writing_with_what_the_schema_does_not_know()
    {
        byte[] bytes = new ProtoWriter()
            .Varint(1, 8)
            .Varint(5, 0) // A value that is written although it is zero.
            .Message(7, graph => graph
                .Message(1, node => node.Text(1, "x").Text(2, "y").Text(4, "Relu").Message(5, attribute => attribute.Text(1, "zero").Varint(3, 0).Varint(20, 2)))
                .Text(2, "graph"))
            .Message(8, opset => opset.Text(1, "").Varint(2, 17))
            .Message(20, training => training.Text(99, "a field of a later version"))
            .ToArray();
        Assert.Equal(bytes, ModelProto.Parser.ParseFrom(bytes).ToByteArray());
    }

    [Fact]
    public void Numbers_are_read_whether_packed_or_one_by_one()
    {
        byte[] single = new ProtoWriter().Varint(1, 2).Varint(1, 3).ToArray();
        byte[] packed = new ProtoWriter().Bytes(1, [2, 3]).ToArray();
        Assert.Equal([2, 3], TensorProto.Parser.ParseFrom(single).Dims);
        Assert.Equal([2, 3], TensorProto.Parser.ParseFrom(packed).Dims);
    }
}
