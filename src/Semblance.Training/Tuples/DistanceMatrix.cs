using Semblance.Training.Objectives;
using Semblance.Training.Tuples.Cells;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// All distances between the anchors of a batch (rows) and its references (columns: the batch itself, and what a memory holds beyond it),
/// computed once and shared by miner and loss. They come from one matrix product, after the mean has
/// been taken off (distances do not depend on it, but the digits left after cancellation do, most of all when embeddings crowd together).
/// A distance below what rounding can tell from zero counts as zero and has a zero gradient, so that duplicates never give NaN.
/// </summary>
/// <remarks>
/// A loss has two ways to its gradient. It may compute with <see cref="Values"/> and <see cref="At(PairSet)"/> and leave it to autograd, or
/// compute with <see cref="Numbers"/>, which no graph follows, and give ∂L/∂d itself: by <see cref="TupleTerms.ClosedForm"/> where
/// penalties are reduced, or by <see cref="Attach"/>. Either way the step from ∂L/∂d to the embeddings costs one matrix product within an objective.
/// </remarks>
public sealed class DistanceMatrix
{
    private DistanceMatrix(Tensor values, Tensor anchors, Tensor references, Distance kind, bool normalised) =>
        (Values, Numbers, Anchors, References, Kind, Normalised) =
            (values, values.requires_grad ? values.detach() : values, anchors, references, kind, normalised);

    /// <summary>[anchors × references], attached to the graph; owned by the dispose scope of <see cref="Between"/>'s caller. The cell of a photo with itself carries no meaning.</summary>
    public Tensor Values { get; }

    /// <summary>[anchors × references]: the same cells, followed by no graph; for miners and for gradients in closed form. Same owner. Contiguous; not to be changed.</summary>
    public Tensor Numbers { get; }

    /// <summary>[anchors × dim]: the embeddings that were compared (normalised where asked for), attached to the graph; same owner.</summary>
    public Tensor Anchors { get; }

    /// <summary>[references × dim]: the same for the columns; the batch comes first.</summary>
    public Tensor References { get; }

    /// <summary>What kind of distance it holds.</summary>
    public Distance Kind { get; }

    /// <summary>Whether embeddings were scaled to unit length.</summary>
    public bool Normalised { get; }

    /// <summary>Number of rows: the batch.</summary>
    public long AnchorCount => Values.shape[0];

    /// <summary>Number of columns: the batch and what a memory holds.</summary>
    public long ReferenceCount => Values.shape[1];

    /// <summary>Whether columns are the rows.</summary>
    public bool IsSquare => AnchorCount == ReferenceCount;

    /// <summary>Whether a gradient is wanted at all; a loss in closed form need not compute slopes otherwise.</summary>
    public bool WantsGradient => is_grad_enabled() && Anchors.requires_grad;

    /// <summary>Computes the distances between all rows, and to what a memory holds.</summary>
    /// <param name="embeddings">[batch × dim] of any floating dtype: float64 stays, all others are computed in float32.</param>
    /// <param name="kind">Which distance.</param>
    /// <param name="normalise">Whether embeddings are scaled to unit length first (always so for cosine).</param>
    /// <param name="further">[n × dim]: references beyond the batch, no part of the graph; null for none.</param>
    public static DistanceMatrix Between(Tensor embeddings, Distance kind, bool normalise, Tensor? further = null)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        using DisposeScope scope = NewDisposeScope();
        bool normalised = normalise || kind == Distance.Cosine;
        Tensor x = Prepared(embeddings, normalised);
        Tensor y = WithFurther(x, further, normalised);
        bool attached = is_grad_enabled() && x.requires_grad;
        return new DistanceMatrix(attached ? Composed(x, y, kind) : Counted(x, y, kind), x, y, kind, normalised).MoveToOuterScope();
    }

    /// <summary>
    /// The same numbers, cut from the embeddings: <see cref="Values"/> and <see cref="Anchors"/> are where the graph begins, and the gradients that
    /// arrive there are brought to the embeddings by <see cref="CutGraph.Join"/> in closed form.
    /// </summary>
    /// <param name="embeddings">[batch × dim] of any floating dtype.</param>
    /// <param name="kind">Which distance.</param>
    /// <param name="normalise">Whether embeddings are scaled to unit length first (always so for cosine).</param>
    /// <param name="further">[n × dim]: references beyond the batch; null for none.</param>
    /// <param name="wantsGradient">Whether a graph begins here at all.</param>
    internal static DistanceMatrix Cut(Tensor embeddings, Distance kind, bool normalise, Tensor? further, bool wantsGradient)
    {
        using DisposeScope scope = NewDisposeScope();
        bool normalised = normalise || kind == Distance.Cosine;
        Tensor x = Prepared(embeddings.detach(), normalised);
        Tensor values;
        using (no_grad())
        {
            values = Counted(x, WithFurther(x, further, normalised), kind);
        }

        (x.requires_grad, values.requires_grad) = (wantsGradient, wantsGradient);
        return new DistanceMatrix(values, x, WithFurther(x, further, normalised), kind, normalised).MoveToOuterScope();
    }

    /// <summary>The distances of some pairs.</summary>
    /// <param name="pairs">Which.</param>
    /// <returns>[pairs], attached to the graph; owned by the caller's dispose scope.</returns>
    public Tensor At(PairSet pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return pairs.IsDense ? Values.masked_select(pairs.DenseMask) : At(pairs.List());
    }

    /// <summary>The distances of some pairs.</summary>
    /// <param name="pairs">Which.</param>
    /// <returns>[pairs], attached to the graph; owned by the caller's dispose scope.</returns>
    public Tensor At(PairIndices pairs)
    {
        using DisposeScope scope = NewDisposeScope();
        // One flat index: its backward is a single index_add, far cheaper than that of a two-dimensional one.
        return Values.reshape(-1).index_select(0, (pairs.Anchors * ReferenceCount) + pairs.Others).MoveToOuterDisposeScope();
    }

    /// <summary>Attaches a value to the graph whose dependence on the distances is given rather than followed.</summary>
    /// <param name="value">A scalar computed from <see cref="Numbers"/>; may be attached to other parameters.</param>
    /// <param name="slopes">Gives [anchors × references]: the value's derivative by each distance. Called only where a gradient is wanted.</param>
    /// <returns>A scalar of the same value; owned by the caller's dispose scope. Its gradient has itself no gradient.</returns>
    public Tensor Attach(Tensor value, Func<Tensor> slopes)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(slopes);
        if (!WantsGradient)
        {
            return value.alias();
        }

        using DisposeScope scope = NewDisposeScope();
        Tensor gradient;
        using (no_grad())
        {
            gradient = GradientOfAnchors(slopes());
        }

        return Surrogate.Attach(value, Anchors, gradient).MoveToOuterDisposeScope();
    }

    /// <summary>∂L/∂anchors from ∂L/∂d, in one matrix product.</summary>
    /// <param name="slopes">[anchors × references].</param>
    /// <returns>[anchors × dim]; owned by the caller's dispose scope.</returns>
    internal Tensor GradientOfAnchors(Tensor slopes)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor y = References.detach();
        if (AnchorCount == 0)
        {
            return zeros_like(Anchors.detach()).MoveToOuterDisposeScope();
        }

        if (Kind is Distance.Euclidean or Distance.SquaredEuclidean)
        {
            y = y - y.mean([0], keepdim: true);
        }

        Tensor pull = DistanceCells.Pull(slopes.to_type(y.dtype).cpu().contiguous(), Numbers.cpu(), Kind);
        return pull.to(y.device).matmul(y).MoveToOuterDisposeScope();
    }

    /// <summary>Embeddings as they are compared.</summary>
    /// <param name="embeddings">[batch × dim] of any floating dtype.</param>
    /// <param name="normalised">Whether they are scaled to unit length.</param>
    internal static Tensor Prepared(Tensor embeddings, bool normalised)
    {
        Tensor x = embeddings.dtype == ScalarType.Float64 ? embeddings : embeddings.to_type(ScalarType.Float32);
        // An alias, since the embeddings themselves belong to the caller.
        return normalised ? UnitRows.Of(x) : x.alias();
    }

    private static Tensor WithFurther(Tensor x, Tensor? further, bool normalised) =>
        further is null || further.shape[0] == 0 ? x : cat([x, Prepared(further.detach().to_type(x.dtype), normalised)]);

    /// <summary>By tensor operations, which autograd follows.</summary>
    private static Tensor Composed(Tensor x, Tensor y, Distance kind)
    {
        if (x.shape[0] == 0 || kind is Distance.Cosine or Distance.InnerProduct)
        {
            return FromProduct(x.matmul(y.t()), kind);
        }

        (Tensor a, Tensor b) = Centred(x, y);
        Tensor norms = a.square().sum(1, keepdim: true);
        Tensor sums = norms + (ReferenceEquals(a, b) ? norms : b.square().sum(1, keepdim: true)).t();
        Tensor squared = sums - (2 * a.matmul(b.t()));
        double epsilon = x.dtype == ScalarType.Float64 ? Math.BitIncrement(1.0) - 1 : MathF.BitIncrement(1f) - 1;
        Tensor tellable = squared.gt(sums.detach() * (DistanceCells.UntellableUnits * epsilon));
        Tensor guarded = where(tellable, squared, ones_like(squared));
        return (kind == Distance.Euclidean ? guarded.sqrt() : guarded) * tellable;
    }

    /// <summary>The same numbers in one pass over the product.</summary>
    private static Tensor Counted(Tensor x, Tensor y, Distance kind)
    {
        if (x.shape[0] == 0 || kind is Distance.Cosine or Distance.InnerProduct)
        {
            return FromProduct(x.matmul(y.t()), kind);
        }

        (Tensor a, Tensor b) = Centred(x, y);
        Tensor norms = a.square().sum(1).cpu();
        Tensor products = a.matmul(b.t()).cpu();
        DistanceCells.FromProducts(products, norms, ReferenceEquals(a, b) ? norms : b.square().sum(1).cpu(), kind == Distance.Euclidean);
        return products.to(x.device);
    }

    private static Tensor FromProduct(Tensor product, Distance kind) => kind switch
    {
        Distance.Cosine => 1 - product,
        Distance.InnerProduct => -product,
        _ => product,
    };

    private static (Tensor A, Tensor B) Centred(Tensor x, Tensor y)
    {
        Tensor mean = y.detach().mean([0], keepdim: true);
        Tensor a = x - mean;
        return (a, ReferenceEquals(x, y) ? a : y - mean);
    }

    private DistanceMatrix MoveToOuterScope()
    {
        // Each once where two are one: a second move would go a scope too far.
        foreach (Tensor tensor in new HashSet<Tensor>([Values, Numbers, Anchors, References], ReferenceEqualityComparer.Instance))
        {
            tensor.MoveToOuterDisposeScope();
        }

        return this;
    }
}
