using Semblance.Training.Objectives;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Centres;

/// <summary>
/// Ring loss: (1/2B) Σ_i (‖x_i‖ − R)² with a learned radius R (Zheng, Pal, Savvides 2018, "Ring loss: Convex Feature Normalization for Face
/// Recognition", eq. 2): a soft normalisation of the embeddings, beside a loss that tells classes apart. R starts at the mean norm of the first batch in training
/// unless given. Figures: "radius", "norm" (the mean of ‖x‖).
/// </summary>
public sealed class RingLoss : Objective
{
    // Named as a checkpoint holds them.
    private readonly Parameter radius;
    private readonly Tensor started;

    /// <summary>Creates it.</summary>
    /// <param name="start">R at the start, above 0; null for the mean norm of the first batch.</param>
    public RingLoss(double? start = null)
        : base("ring-penalty")
    {
        if (start is { } given)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(given, nameof(start));
        }

        radius = nn.Parameter(tensor((float)(start ?? 1)));
        started = zeros(1, ScalarType.Int64);
        if (start is not null)
        {
            started.fill_(1);
        }

        RegisterComponents();
    }

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "ring-penalty",
        "Draws the norms of all embeddings to one learned radius; a part beside another loss (ring loss, Zheng et al. 2018).",
        NeedsIdentityBatches: false,
        [
            new RealParameter("radius", null, 0, double.PositiveInfinity, "R at the start; it is learned.", MinimumAllowed: false,
                DerivedFrom: "the mean norm of the first batch"),
        ],
        (arguments, _) => new RingLoss(arguments.RealOrNull("radius")));

    /// <summary>R, a scalar.</summary>
    public Parameter Radius => radius;

    /// <inheritdoc/>
    public override ObjectiveValue Evaluate(Tensor embeddings, Tensor labels, Tensor? samples = null)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(labels);
        using DisposeScope scope = NewDisposeScope();
        BatchShape.Check(embeddings, labels);
        Tensor x = embeddings.to_type(radius.dtype);
        if (labels.shape[0] == 0)
        {
            return new ObjectiveValue(x.sum().MoveToOuterDisposeScope(), new Dictionary<string, double>());
        }

        Tensor norms = UnitRows.Norms(x);
        using (no_grad())
        {
            if (training && started.item<long>() == 0)
            {
                radius.copy_(norms.mean());
                started.fill_(1);
            }
        }

        Tensor loss = 0.5 * (norms - radius).square().mean();
        Dictionary<string, double> figures = new() { ["radius"] = Number(radius), ["norm"] = Number(norms.mean()) };
        return new ObjectiveValue(loss.MoveToOuterDisposeScope(), figures);
    }

    private static double Number(Tensor scalar) => scalar.detach().to_type(ScalarType.Float64).item<double>();
}
