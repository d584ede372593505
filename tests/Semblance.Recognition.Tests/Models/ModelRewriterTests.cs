using Google.Protobuf;
using Semblance.Models;
using Semblance.Numerics;
using Semblance.Onnx;
using Semblance.Recognition.Models;

namespace Semblance.Recognition.Tests.Models;

public sealed class ModelRewriterTests
{
    private static readonly float[] Ordinary = [-1.5f, -0.2f, 0, 0.1f, 0.25f, 0.5f, 0.9f, 0.99f];
    private static readonly float[] WithSteep = [-1.5f, -0.2f, 0, 0.1f, 0.25f, 1f, 1.2f, 7f];
    private static readonly float[] UpToOne = [-1.5f, -0.2f, 0, 0.1f, 0.25f, 0.9999f, 1f, 1f];

    public static TheoryData<string, float[], long[]> Slopes { get; } = new()
    {
        { "behind a convolution", Ordinary, [8, 1, 1] },
        { "behind a convolution", WithSteep, [8, 1, 1] },
        { "behind a convolution", UpToOne, [8, 1, 1] },
        { "behind a convolution", Ordinary, [1, 8, 1, 1] },
        { "behind a convolution", [0.25f], [1] },
        { "behind a convolution", [0], [1] },
        { "behind a convolution", [-2], [1, 1, 1] },
        { "behind a convolution", [1.5f], [] },
        { "behind a convolution", [-0.5f, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f], [6] }, // Along the width: not a slope a channel.
        { "behind a norm", Ordinary, [8, 1, 1] },
        { "behind a norm", WithSteep, [8, 1, 1] },
        { "behind a shared convolution", Ordinary, [8, 1, 1] },
        { "behind a shared convolution", WithSteep, [8, 1, 1] },
        { "behind a sum", Ordinary, [8, 1, 1] },
        { "behind a sum", WithSteep, [8, 1, 1] },
        { "behind shared weights", Ordinary, [8, 1, 1] },
    };

    [Theory]
    [MemberData(nameof(Slopes))]
    public void The_model_without_prelu_gives_the_same(string where, float[] slopes, long[] shape)
    {
        GraphMaker graph = Graph(where, slopes, shape);
        byte[] before = graph.ToBytes();
        RewrittenModel rewritten = ModelRewriter.Rewrite(before, "test.onnx");
        byte[] after = rewritten.ToBytes();
        Assert.Equal(1, rewritten.ReplacedActivations);
        Assert.DoesNotContain("PRelu", Operators(after));
        RequireEqual(before, after, [2, 3, 5, 6]);
    }

    [Fact]
    public void Two_in_a_row_are_both_replaced()
    {
        var graph = new GraphMaker();
        string x = graph.Conv(graph.Input("x", -1, 3, 5, 6), 3, 8);
        x = graph.Node("PRelu", [x, graph.Constant(Ordinary, 8, 1, 1)]);
        x = graph.Node("PRelu", [graph.Conv(x, 8, 8), graph.Constant(WithSteep, 8, 1, 1)]);
        graph.Output(x, -1, 8, 5, 6);
        RewrittenModel rewritten = ModelRewriter.Rewrite(graph.ToBytes(), "test.onnx");
        Assert.Equal(2, rewritten.ReplacedActivations);
        RequireEqual(graph.ToBytes(), rewritten.ToBytes(), [1, 3, 5, 6]);
    }

    [Fact]
    public void A_vector_behind_a_matrix_product_is_rewritten_too()
    {
        var graph = new GraphMaker();
        string x = graph.Node("Gemm", [graph.Input("x", -1, 10), graph.Random(10, 8), graph.Random(8)]);
        graph.Output(graph.Node("PRelu", [x, graph.Constant(WithSteep, 8)]), -1, 8);
        RewrittenModel rewritten = ModelRewriter.Rewrite(graph.ToBytes(), "test.onnx");
        Assert.Equal(1, rewritten.ReplacedActivations);
        RequireEqual(graph.ToBytes(), rewritten.ToBytes(), [3, 10]);
    }

    [Fact]
    public void A_convolution_that_the_graph_also_gives_out_keeps_its_values()
    {
        var graph = new GraphMaker();
        string conv = graph.Conv(graph.Input("x", -1, 3, 5, 6), 3, 8);
        graph.Output(graph.Node("PRelu", [conv, graph.Constant(Ordinary, 8, 1, 1)]), -1, 8, 5, 6).Output(conv, -1, 8, 5, 6);
        RequireEqual(graph.ToBytes(), ModelRewriter.Rewrite(graph.ToBytes(), "test.onnx").ToBytes(), [1, 3, 5, 6]);
    }

    [Fact]
    public void Slopes_that_are_computed_stay()
    {
        var graph = new GraphMaker();
        string x = graph.Conv(graph.Input("x", -1, 3, 5, 6), 3, 8);
        string slopes = graph.Node("GlobalAveragePool", [x]);
        graph.Output(graph.Node("PRelu", [x, slopes]), -1, 8, 5, 6);
        RewrittenModel rewritten = ModelRewriter.Rewrite(graph.ToBytes(), "test.onnx");
        Assert.Equal(0, rewritten.ReplacedActivations);
        Assert.Contains("PRelu", Operators(rewritten.ToBytes()));
    }

    [Fact]
    public void Constants_that_an_early_format_lists_as_inputs_are_constants()
    {
        GraphMaker graph = Graph("behind a convolution", Ordinary, [8, 1, 1]);
        byte[] before = graph.ToBytes();
        graph.Model.IrVersion = 3;
        foreach (TensorProto tensor in graph.Model.Graph.Initializer)
        {
            graph.Input(tensor.Name, [.. tensor.Dims]);
        }

        RewrittenModel rewritten = ModelRewriter.Rewrite(graph.ToBytes(), "test.onnx");
        Assert.Equal(1, rewritten.ReplacedActivations);
        Assert.Single(ModelProto.Parser.ParseFrom(rewritten.ToBytes()).Graph.Input);
        RequireEqual(before, rewritten.ToBytes(), [1, 3, 5, 6]);
    }

    [Fact]
    public void A_model_without_prelu_keeps_its_graph()
    {
        var graph = new GraphMaker();
        graph.Output(graph.Node("Relu", [graph.Conv(graph.Input("x", -1, 3, 5, 6), 3, 8)]), -1, 8, 5, 6);
        RewrittenModel rewritten = ModelRewriter.Rewrite(graph.ToBytes(), "test.onnx");
        Assert.Equal((0, false, 0f), (rewritten.ReplacedActivations, rewritten.FreedBatch, rewritten.Difference));
        Assert.Equal(graph.ToBytes(), rewritten.ToBytes());
    }

    [Fact]
    public void Weights_that_were_replaced_leave_the_file()
    {
        GraphMaker graph = Graph("behind a convolution", Ordinary, [8, 1, 1]);
        Assert.InRange(ModelRewriter.Rewrite(graph.ToBytes(), "test.onnx").ToBytes().Length, 0, graph.ToBytes().Length + 1000);
    }

    [Fact]
    public void A_batch_fixed_at_1_is_freed()
    {
        var graph = new GraphMaker();
        string x = graph.Conv(graph.Input("x", 1, 3, 5, 6), 3, 8);
        graph.Output(graph.Node("Reshape", [x, graph.Constant(1, -1)]), 1, 240);
        RewrittenModel rewritten = ModelRewriter.Rewrite(graph.ToBytes(), "test.onnx");
        Assert.True(rewritten.FreedBatch);
        float[] two = Noise(2 * 90);
        float[] expected = [.. GraphMaker.Run(graph.ToBytes(), two[..90], 1, 3, 5, 6), .. GraphMaker.Run(graph.ToBytes(), two[90..], 1, 3, 5, 6)];
        RequireClose(expected, GraphMaker.Run(rewritten.ToBytes(), two, 2, 3, 5, 6));
    }

    [Fact]
    public void A_batch_stays_at_1_where_images_would_mix()
    {
        // The mean over the first axis: harmless for one image, the mean of all for several.
        var graph = new GraphMaker();
        string x = graph.Conv(graph.Input("x", 1, 3, 5, 6), 3, 8);
        string mean = graph.Node("ReduceMean", [x], GraphMaker.Ints("axes", 0));
        graph.Output(graph.Node("Add", [x, mean]), 1, 8, 5, 6);
        RewrittenModel rewritten = ModelRewriter.Rewrite(graph.ToBytes(), "test.onnx");
        Assert.False(rewritten.FreedBatch);
        Assert.Equal(graph.ToBytes(), rewritten.ToBytes());
    }

    [Fact]
    public void The_card_replaces_an_earlier_one_and_leaves_other_metadata()
    {
        GraphMaker graph = Graph("behind a convolution", Ordinary, [8, 1, 1]);
        ModelCard card = new TinyModel().Card;
        graph.Model.MetadataProps.Add(new StringStringEntryProto { Key = "author", Value = "somebody" });
        graph.Model.MetadataProps.Add(new StringStringEntryProto { Key = "semblance.backbone", Value = "earlier" });
        var after = ModelProto.Parser.ParseFrom(ModelRewriter.Rewrite(graph.ToBytes(), "test.onnx").ToBytes(card));
        var metadata = after.MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value);
        Assert.Equal("somebody", metadata["author"]);
        Assert.Equal(card.ToMetadata(), ModelCard.FromMetadata(metadata, "test.onnx").ToMetadata());
    }

    [Fact]
    public void Weights_in_another_file_are_refused()
    {
        GraphMaker graph = Graph("behind a convolution", Ordinary, [8, 1, 1]);
        graph.Model.Graph.Initializer[0].DataLocation = TensorProto.Types.Location.External;
        Assert.Contains("keeps its weights in another file", FailureOf(graph.ToBytes()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>404</html>")]
    public void What_is_no_model_is_refused(string content) =>
        Assert.StartsWith("test.onnx: is no ONNX file", FailureOf(System.Text.Encoding.UTF8.GetBytes(content)));

    private static string FailureOf(byte[] model) => Assert.Throws<SemblanceException>(() => ModelRewriter.Rewrite(model, "test.onnx")).Message;

    private static GraphMaker Graph(string where, float[] slopes, long[] shape)
    {
        var graph = new GraphMaker();
        string input = graph.Input("x", -1, 3, 5, 6);
        string x = graph.Conv(input, 3, 8);
        string slope = graph.Constant(slopes, shape);
        string result;
        switch (where)
        {
            case "behind a convolution":
                result = graph.Node("PRelu", [x, slope]);
                break;
            case "behind a norm":
                result = graph.Node("PRelu", [graph.Norm(x, 8), slope]);
                break;
            case "behind a shared convolution":
                result = graph.Node("Mul", [graph.Node("PRelu", [x, slope]), x]);
                break;
            case "behind a sum":
                result = graph.Node("PRelu", [graph.Node("Add", [x, graph.Conv(input, 3, 8)]), slope]);
                break;
            case "behind shared weights":
                NodeProto first = graph.Model.Graph.Node[0];
                string twin = graph.Node("Conv", [input, first.Input[1], first.Input[2]], GraphMaker.Ints("pads", 1, 1, 1, 1));
                result = graph.Node("Mul", [graph.Node("PRelu", [x, slope]), twin]);
                break;
            default:
                throw new ArgumentException(where);
        }

        return graph.Output(result, -1, 8, 5, 6);
    }

    private static List<string> Operators(byte[] model) => [.. ModelProto.Parser.ParseFrom(model).Graph.Node.Select(node => node.OpType)];

    private static void RequireEqual(byte[] before, byte[] after, long[] shape)
    {
        float[] input = Noise((int)shape.Aggregate(1L, (a, b) => a * b));
        float[] expected = GraphMaker.Run(before, input, shape);
        Assert.True(expected.Max() - expected.Min() > 0.5f, "The outputs are degenerate, so that agreement would prove nothing.");
        RequireClose(expected, GraphMaker.Run(after, input, shape));
    }

    private static void RequireClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max(), 0, 1e-5f * Math.Max(1, expected.Max(Math.Abs)));
    }

    private static float[] Noise(int length)
    {
        var random = new CountedRandom(11);
        return [.. Enumerable.Range(0, length).Select(_ => (float)random.NextGaussian())];
    }
}
