using Semblance.Numerics;
using Semblance.Training.Objectives;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Centres;

/// <summary>How the centres of the center loss move.</summary>
public enum CentreUpdate
{
    /// <summary>By the paper's rule: c_j ← c_j − α·Σ_{y_i = j}(c_j − x_i)/(1 + n_j), at each training step; no optimiser moves them.</summary>
    Paper,

    /// <summary>By the gradient of the loss, as ordinary parameters of the optimiser.</summary>
    Gradient,
}

/// <summary>
/// The center loss alone: ½‖x_i − c_{y_i}‖², which pulls each embedding to the running centre of its class (Wen et al. 2016, "A Discriminative
/// Feature Learning Approach for Deep Face Recognition", eq. 2). It has a trivial minimum (everything at one point), so it is a part beside a
/// classification loss. Embeddings are not normalised. Centres are gathered by row; nothing of size batch × classes is made. Figures:
/// "centre_distance" (mean ‖x − c_y‖) and "centre_norm" (mean ‖c_y‖).
/// </summary>
public sealed class CentrePull : Objective
{
    /// <summary>The paper's α for faces.</summary>
    public const double DefaultRate = 0.5;

    private const ulong CentrePurpose = 0x63656E74657270;

    private readonly int _classCount;
    private readonly int _embeddingSize;
    // Named as a checkpoint holds them: one or the other.
    private readonly Tensor? centres;
    private readonly Parameter? weight;

    /// <summary>Creates centres drawn uniformly from ±√(3/dim), as the authors' layer does (Caffe's "xavier").</summary>
    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <param name="embeddingSize">Dimension of an embedding, at least 1.</param>
    /// <param name="seed">The same seed gives the same centres.</param>
    /// <param name="update">How centres move.</param>
    /// <param name="rate">α of the paper's rule, from 0 to 1; without effect where centres move by the gradient.</param>
    /// <param name="reduction">Mean or sum over the batch.</param>
    /// <param name="name">The registered name.</param>
    public CentrePull(
        int classCount, int embeddingSize, ulong seed, CentreUpdate update = CentreUpdate.Paper, double rate = DefaultRate,
        BatchReduction reduction = BatchReduction.Mean, string name = "center-penalty")
        : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(embeddingSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(rate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rate, 1);
        (_classCount, _embeddingSize, Update, Rate, Reduction) = (classCount, embeddingSize, update, rate, reduction);
        using Generator generator = new(new CountedRandom(seed, CentrePurpose).NextUInt64());
        using Tensor drawn = rand([classCount, embeddingSize], ScalarType.Float32, generator: generator);
        using Tensor around = (drawn - 0.5) * (2 * Math.Sqrt(3.0 / embeddingSize));
        centres = update == CentreUpdate.Paper ? around.clone() : null;
        weight = update == CentreUpdate.Gradient ? nn.Parameter(around.clone()) : null;
        RegisterComponents();
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "center-penalty",
        "Pulls embeddings to running centres of their classes; a part beside another loss (Wen et al. 2016, eq. 2).",
        NeedsIdentityBatches: false,
        [.. Parameters],
        (arguments, context) => Create("center-penalty", arguments, context));

    /// <summary>How centres move.</summary>
    public CentreUpdate Update { get; }

    /// <summary>α of the paper's rule.</summary>
    public double Rate { get; }

    /// <summary>Mean or sum over the batch.</summary>
    public BatchReduction Reduction { get; }

    /// <summary>[classes × dim]: row c is the centre of class c.</summary>
    public Tensor Centres => centres ?? weight!;

    /// <summary>Its parameters in the registry.</summary>
    internal static IReadOnlyList<ObjectiveParameter> Parameters =>
    [
        new ChoiceParameter<CentreUpdate>(
            "update", "paper", [("paper", CentreUpdate.Paper), ("gradient", CentreUpdate.Gradient)],
            "How centres move: paper = the paper's own rule with rate α; gradient = as parameters of the optimiser."),
        new RealParameter("rate", DefaultRate, 0, 1, "α of the paper's rule for the centres."),
        new ChoiceParameter<BatchReduction>(
            "reduction", "mean", [("mean", BatchReduction.Mean), ("sum", BatchReduction.Sum)],
            "mean = divided by the batch, as the cross-entropy beside it; sum = eq. 2 as written."),
    ];

    /// <inheritdoc/>
    public override ObjectiveValue Evaluate(Tensor embeddings, Tensor labels, Tensor? samples = null)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(labels);
        using DisposeScope scope = NewDisposeScope();
        BatchShape.Check(embeddings, labels, _embeddingSize, _classCount);
        Tensor x = embeddings.to_type(Centres.dtype);
        if (labels.shape[0] == 0)
        {
            return new ObjectiveValue(x.sum().MoveToOuterDisposeScope(), new Dictionary<string, double>());
        }

        Tensor own = Centres.index_select(0, labels);
        Tensor difference = x - own;
        Tensor squared = difference.square().sum(1);
        Tensor loss = 0.5 * (Reduction == BatchReduction.Mean ? squared.mean() : squared.sum());
        Dictionary<string, double> figures = Figures(squared, own);
        if (training && Update == CentreUpdate.Paper)
        {
            Move(difference.detach(), labels);
        }

        return new ObjectiveValue(loss.MoveToOuterDisposeScope(), figures);
    }

    /// <summary>Makes it from checked arguments.</summary>
    internal static CentrePull Create(string name, ObjectiveArguments arguments, ObjectiveContext context)
    {
        CentreUpdate update = arguments.Choice<CentreUpdate>("update");
        if (update == CentreUpdate.Gradient)
        {
            arguments.RefuseIfGiven("rate", "with update 'gradient', where the optimiser's rate holds");
        }

        return new CentrePull(
            context.ClassCount, context.EmbeddingSize, context.Seed, update, arguments.Real("rate"), arguments.Choice<BatchReduction>("reduction"), name);
    }

    // Eq. 4 and step 6 of algorithm 1. Every sample of a class counts at the centre as it stood before the step.
    private void Move(Tensor difference, Tensor labels)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        (Tensor classes, Tensor? inverse, Tensor? counts) = labels.unique(return_inverse: true, return_counts: true);
        Tensor sums = zeros([classes.shape[0], _embeddingSize], difference.dtype).index_add(0, inverse!, difference, 1);
        Tensor step = sums * (Rate / (1 + counts!.to_type(difference.dtype))).unsqueeze(1);
        centres!.index_add_(0, classes, step, 1);
    }

    private static Dictionary<string, double> Figures(Tensor squared, Tensor own)
    {
        using IDisposable noGradient = no_grad();
        return new Dictionary<string, double>
        {
            ["centre_distance"] = squared.to_type(ScalarType.Float64).sqrt().mean().item<double>(),
            ["centre_norm"] = own.to_type(ScalarType.Float64).norm(1).mean().item<double>(),
        };
    }
}
