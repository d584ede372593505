using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Objectives;

/// <summary>Batches that break careless code.</summary>
internal static class EdgeBatches
{
    /// <summary>Samples in the largest of them.</summary>
    public const int Size = 6;

    private static readonly Dictionary<string, long[]> Labels = new()
    {
        ["no positive"] = [0, 1, 2, 3, 4, 5],
        ["no negative"] = [3, 3, 3, 3, 3, 3],
        ["one class in all"] = [0, 0, 0, 0, 0, 0],
        ["one sample"] = [2],
        ["duplicates"] = [0, 0, 1, 1, 2, 2],
        ["all zero"] = [0, 0, 1, 1, 2, 2],
        ["on the own centre"] = [0, 0, 1, 1, 2, 2],
        ["opposite to the own centre"] = [0, 0, 1, 1, 2, 2],
        ["huge"] = [0, 0, 1, 1, 2, 2],
        ["tiny"] = [0, 0, 1, 1, 2, 2],
    };

    public static IEnumerable<string> Names => Labels.Keys;

    /// <summary>Number of classes of the run.</summary>
    public static int Classes(string edge) => edge == "one class in all" ? 1 : 7;

    /// <summary>The batch.</summary>
    /// <param name="edge">Which.</param>
    /// <param name="dim">Dimension.</param>
    /// <param name="dtype">Of the embeddings.</param>
    /// <param name="centres">[at least classes × dim]: the centres or proxies; null where there are none, and then a direction for each class is taken.</param>
    public static (Tensor Embeddings, Tensor Labels) Create(string edge, int dim, ScalarType dtype, Tensor? centres)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor labels = tensor(Labels[edge]);
        int batch = Labels[edge].Length;
        Tensor drawn = Gradients.Batch(17, batch, dim, 1).Embeddings.detach();
        Tensor own = (centres?.detach().to_type(ScalarType.Float64) ?? Gradients.Batch(18, 7, dim, 1).Embeddings.detach()).index_select(0, labels);
        Tensor embeddings = edge switch
        {
            "duplicates" => drawn[0].unsqueeze(0).expand(batch, dim),
            "all zero" => zeros_like(drawn),
            "on the own centre" => own * 3,
            "opposite to the own centre" => -own * 3,
            "huge" => drawn * 1e4,
            "tiny" => drawn * 1e-6,
            _ => drawn,
        };
        return (embeddings.to_type(dtype).clone().requires_grad_().MoveToOuterDisposeScope(), labels.MoveToOuterDisposeScope());
    }
}
