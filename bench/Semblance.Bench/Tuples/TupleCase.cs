using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Bench.Tuples;

/// <summary>A loss over tuples with its miner, and the plain composition of tensor operations that computes the same.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Loss">The registered name.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Plain">The composition.</param>
/// <param name="Bar">What it may cost at most, in multiples of three products.</param>
internal sealed record TupleCase(string Name, string Loss, Dictionary<string, object?> Parameters, Func<Tensor, Tensor, Tensor> Plain, double Bar = 2)
{
    public const int Batch = 1024;
    public const int Dimension = 512;
    public const int Identities = 128;

    public static IReadOnlyList<TupleCase> All { get; } =
    [
        new("batch-hard", "trihard", [], PlainTuples.BatchHard),
        new("batch-all, hinge", "trihard", new() { ["soft_margin"] = false, ["miner"] = "all", ["reduction"] = "mean-active" }, PlainTuples.BatchAllHinge, 3),
        new("batch-all, soft margin", "trihard", new() { ["miner"] = "all", ["reduction"] = "mean-all" }, PlainTuples.BatchAllSoft, 3),
        new("semi-hard", "triplet", [], PlainTuples.SemiHard),
        new("lifted structure, eq. 3", "lifted", new() { ["form"] = "hard" }, PlainTuples.LiftedHard),
        new("lifted structure, eq. 4", "lifted", [], PlainTuples.LiftedSmooth),
        new("generalised lifted", "generalized-lifted", [], PlainTuples.LiftedGeneralised),
        new("multi-similarity", "multi-similarity", [], PlainTuples.MultiSimilarity),
        new("margin, distance-weighted", "margin", [], PlainTuples.MarginDistanceWeighted),
    ];

    /// <summary>The loss; the caller owns it.</summary>
    public Objective Create() => ObjectiveRegistry.Create(Loss, Parameters, new ObjectiveContext(Identities, Dimension, 1));

    /// <summary>Forward and backward through the library's loss.</summary>
    public static void Step(Objective objective, Tensor embeddings, Tensor labels)
    {
        using DisposeScope scope = NewDisposeScope();
        objective.Evaluate(embeddings, labels).Loss.backward();
        embeddings.grad!.zero_();
    }

    /// <summary>Forward and backward through the composition.</summary>
    public void PlainStep(Tensor embeddings, Tensor labels)
    {
        using DisposeScope scope = NewDisposeScope();
        Plain(embeddings, labels).backward();
        embeddings.grad!.zero_();
    }

    /// <summary>A batch of a network half trained: photos of a person nearer to each other than to others, but not by much.</summary>
    public static (Tensor Embeddings, Tensor Labels) Inputs()
    {
        using Generator generator = new(1);
        using DisposeScope scope = NewDisposeScope();
        Tensor labels = arange(Batch, ScalarType.Int64).div(Batch / Identities, RoundingMode.floor).to_type(ScalarType.Int64);
        Tensor centres = randn([Identities, Dimension], generator: generator);
        Tensor noise = randn([Batch, Dimension], generator: generator);
        Tensor embeddings = ((centres.index_select(0, labels) * 0.5) + noise) * 0.02;
        return (embeddings.requires_grad_().MoveToOuterDisposeScope(), labels.MoveToOuterDisposeScope());
    }
}
