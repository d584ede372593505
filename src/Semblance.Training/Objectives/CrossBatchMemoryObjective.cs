using Semblance.Training.Tuples;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Objectives;

/// <summary>
/// Any loss over tuples with a memory of earlier batches around it (Wang et al. 2020, "Cross-Batch Memory for Embedding Learning"): anchors
/// come from the batch, what they are compared with from the batch and the memory. Embeddings drift slowly once training has settled, so
/// the memory takes part only from a step on. Figures are those of the inner loss, and "memory" (embeddings that took part).
/// </summary>
public sealed class CrossBatchMemoryObjective : Objective
{
    /// <summary>How many embeddings are remembered where no number is given.</summary>
    public const int DefaultSize = 8192;

    /// <summary>The paper's number of steps before the memory takes part.</summary>
    public const int DefaultStart = 1000;

    private readonly IMemoryObjective _inner;
    private readonly Objective _module;
    private readonly CrossBatchMemory _memory;
    private readonly int _start;
    // Named as a checkpoint holds it.
    private readonly Tensor steps;

    /// <summary>Puts a memory around a loss.</summary>
    /// <param name="name">The registered name.</param>
    /// <param name="loss">The loss, an <see cref="IMemoryObjective"/>; owned from then on.</param>
    /// <param name="memory">The memory; owned from then on.</param>
    /// <param name="start">Training steps before the memory takes part, at least 0.</param>
    /// <exception cref="UsageException">The loss cannot compare beyond the batch.</exception>
    public CrossBatchMemoryObjective(string name, Objective loss, CrossBatchMemory memory, int start)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        string? bound = loss is IMemoryObjective compares ? compares.BoundToTheBatch : "it compares no photos with each other";
        if (bound is not null)
        {
            throw new UsageException($"The loss '{loss.GetName()}' cannot be used with a cross-batch memory: {bound}. Take a loss over pairs or triplets, for example contrastive or triplet.");
        }

        (_module, _inner, _memory, _start) = (loss, (IMemoryObjective)loss, memory, start);
        steps = zeros(1, ScalarType.Int64);
        RegisterComponents();
        register_module("loss", loss);
        register_module("memory", memory);
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "cross-batch-memory",
        "A loss over pairs or triplets that also compares with the embeddings of earlier batches (XBM, Wang et al. 2020).",
        NeedsIdentityBatches: true,
        [
            new InnerObjectiveParameter("loss", "contrastive", "The loss, by name or as a mapping of its name and parameters."),
            new WholeParameter("size", DefaultSize, 1, int.MaxValue, "How many embeddings are remembered; the paper takes up to all photos of the set."),
            new WholeParameter("start", DefaultStart, 0, int.MaxValue, "Training steps before the memory takes part, while embeddings still drift fast."),
        ],
        (arguments, context) =>
        {
            ComponentChoice<ObjectiveDefinition> loss = arguments.Component<ObjectiveDefinition>("loss");
            return new CrossBatchMemoryObjective(
                "cross-batch-memory",
                loss.Definition.Create(loss.Arguments, context),
                new CrossBatchMemory(arguments.Whole("size"), context.EmbeddingSize),
                arguments.Whole("start"));
        });

    /// <summary>The memory.</summary>
    public CrossBatchMemory Memory => _memory;

    /// <inheritdoc/>
    public override bool Anneal(double fraction) => _module.Anneal(fraction);

    /// <inheritdoc/>
    public override ObjectiveValue Evaluate(Tensor embeddings, Tensor labels, Tensor? samples = null)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(labels);
        using DisposeScope scope = NewDisposeScope();
        int count = steps.item<long>() >= _start ? _memory.Count : 0;
        ObjectiveValue value;
        if (count > 0)
        {
            (Tensor further, Tensor furtherLabels) = _memory.Content();
            value = _inner.Evaluate(embeddings, labels, samples, further, furtherLabels);
        }
        else
        {
            value = _module.Evaluate(embeddings, labels, samples);
        }

        if (training)
        {
            _memory.Add(embeddings, labels);
            steps.add_(1);
        }

        value.Loss.MoveToOuterDisposeScope();
        return value with { Figures = new Dictionary<string, double>(value.Figures) { ["memory"] = count } };
    }
}
