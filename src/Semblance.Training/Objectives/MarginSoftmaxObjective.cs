using Semblance.Training.Classes;
using Semblance.Training.Margins;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Objectives;

/// <summary>
/// Margin-based classification: cosine (or inner product) of embeddings with class centres, the target logit bent by a curve, scale,
/// cross-entropy, mean over the batch. A curve may bring more than ψ: <see cref="IOtherLogits"/>, <see cref="IBatchScale"/>,
/// <see cref="IRowPenalty"/>, <see cref="IPenalisedCurve"/>, and in training mode it is told of the batch first
/// (<see cref="IBatchObserver"/>).
/// <para>Figures: "accuracy" (share of samples nearer to their own centre than to any other, margin left out), "target_cosine" and
/// "target_angle" (batch means for the own class; the angle in degrees), "beyond_margin" (share of samples whose bent target is below 0:
/// θ + m past 90° for an additive angular margin), "scale", and "penalty" (the batch mean, where the curve has one).</para>
/// <para>Loss and gradient are computed together (<see cref="LogitRows"/>) and the gradient is put into the graph as that of a linear
/// function, so that it can be taken once only.</para>
/// </summary>
public sealed class MarginSoftmaxObjective : Objective
{
    private readonly ClassCentres centres;
    // Named as a checkpoint holds it.
    private readonly Parameter? scale;
    private readonly double _fixedScale;
    private readonly IRowPenalty _penalty;

    /// <summary>Joins the parts; the module owns the centres.</summary>
    /// <param name="name">The registered name.</param>
    /// <param name="curve">What bends the target logit.</param>
    /// <param name="centres">Who owns the class centres.</param>
    /// <param name="scale">The factor between cosines and logits; <see cref="LogitScale.None"/> where the curve brings its own.</param>
    /// <param name="penalty">What makes a number of a sample's logits; null for the curve's own, else cross-entropy.</param>
    public MarginSoftmaxObjective(string name, ITargetLogit curve, ClassCentres centres, LogitScale scale, IRowPenalty? penalty = null)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentNullException.ThrowIfNull(centres);
        ArgumentNullException.ThrowIfNull(scale);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale.Value, nameof(scale));
        if (centres is SubCentres { PerClass: > 1 } && !curve.NormalisesCentres)
        {
            throw new ArgumentException("Sub-centres are compared by their cosines: the curve must normalise centres.", nameof(centres));
        }

        if (centres is ClosedFormCentres && !curve.NormalisesCentres && curve is not SoftmaxLogit)
        {
            throw new ArgumentException("A closed-form layer knows the gradient of cosines and of plain products only.", nameof(centres));
        }

        _penalty = penalty ?? curve as IRowPenalty ?? new CrossEntropy();
        if (curve is IOtherLogits && (!curve.NormalisesCentres || !curve.NormalisesEmbeddings || scale.Learned || _penalty is not CrossEntropy))
        {
            throw new ArgumentException("Other logits are bent as cosines, at a scale that is not learned, and with cross-entropy.", nameof(curve));
        }

        if (curve is IBatchScale && scale != LogitScale.None)
        {
            throw new ArgumentException("The curve brings its own scale; give none beside it.", nameof(scale));
        }

        (Curve, this.centres, _fixedScale) = (curve, centres, scale.Value);
        this.scale = scale.Learned ? nn.Parameter(tensor((float)scale.Value)) : null;
        RegisterComponents();
        if (curve is nn.Module stateful)
        {
            register_module("curve", stateful);
        }
    }

    /// <summary>What bends the target logit.</summary>
    public ITargetLogit Curve { get; }

    /// <summary>The class centres.</summary>
    public ClassCentres Centres => centres;

    /// <summary>The learned scale (a scalar), or null where it is fixed.</summary>
    public Parameter? LearnedScale => scale;

    /// <inheritdoc/>
    public override bool Anneal(double fraction)
    {
        (Curve as IAnnealed)?.Anneal(fraction);
        return Curve is IAnnealed;
    }

    /// <inheritdoc/>
    public override ObjectiveValue Evaluate(Tensor embeddings, Tensor labels, Tensor? samples = null)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(labels);
        using DisposeScope scope = NewDisposeScope();
        BatchShape.Check(embeddings, labels, centres.EmbeddingSize, centres.ClassCount);
        Tensor raw = embeddings.to_type(centres.Dtype);
        if (labels.shape[0] == 0)
        {
            return new ObjectiveValue(raw.sum().MoveToOuterDisposeScope(), new Dictionary<string, double>());
        }

        CentreRows rows = centres.TakePart(labels);
        Tensor x = Curve.NormalisesEmbeddings ? UnitRows.Of(raw) : raw;
        Tensor? centreNorms = Curve.NormalisesCentres ? null : UnitRows.Norms(rows.Weight.index_select(0, rows.Targets));
        ObjectiveValue value = Penalise(Products(x, rows), rows, x, UnitRows.Norms(raw), centreNorms);
        value.Loss.MoveToOuterDisposeScope();
        return value;
    }

    /// <summary>The objective from a matrix of cosines, for measurements that leave the products out.</summary>
    /// <param name="cosines">[batch × classes].</param>
    /// <param name="labels">[batch].</param>
    internal ObjectiveValue OverCosines(Tensor cosines, Tensor labels)
    {
        using DisposeScope scope = NewDisposeScope();
        ObjectiveValue value = Penalise(cosines, new CentreRows(cosines, null, labels), cosines, ones(labels.shape[0], cosines.dtype), null);
        value.Loss.MoveToOuterDisposeScope();
        return value;
    }

    // Everything after the products; its tensors are the caller's scope's.
    private ObjectiveValue Penalise(Tensor products, CentreRows rows, Tensor x, Tensor norms, Tensor? centreNorms)
    {
        Tensor column = rows.Targets.unsqueeze(1);
        var target = new TargetGraph(Curve, products.detach().gather(1, column).squeeze(1), norms, centreNorms);
        double[] cosines = Doubles(target.Column.Cosine);
        long[] targets = rows.Targets.data<long>().ToArray();
        if (training)
        {
            (Curve as IBatchObserver)?.Observe(target.Column);
            (Curve as IBatchScale)?.Adapt(new BatchCosines(products.detach(), targets, cosines));
        }

        target.Bend();
        double factor = Scale();
        // Layers in the graph do not need the products again, so that their gradient takes their place; a layer that updates itself does.
        bool kept = centres.NeedsProducts;
        Tensor gradient = kept ? products.detach().clone() : products.detach();
        RowValues values = LogitRows.Evaluate(
            new RowWork(gradient, targets, Doubles(target.Logit), factor, _penalty)
            {
                Others = Others(target.Column),
                Bias = rows.Bias?.detach(),
                HasOffset = _penalty.Offset is not null,
                Offset = _penalty.Offset is { } b ? b.to_type(ScalarType.Float64).item<double>() : 0,
                WantsScale = scale is not null,
            });
        double loss = values.Penalties.Average();
        double? own = target.Penalty is { } penalty ? Doubles(penalty).Average() : null;
        Tensor value = tensor(loss + (own ?? 0), dtype: centres.Dtype);
        if (is_grad_enabled())
        {
            Tensor linear = Linear(products, gradient, column, rows, factor, values, target, norms, centreNorms);
            Tensor? inverseNorms = Curve.NormalisesCentres ? rows.InverseNorms : null;
            if (centres.Receive(x, products, gradient, factor / values.Penalties.Length, inverseNorms) is { } tap)
            {
                linear = linear + tap;
            }

            // Exactly 0, with the gradient of the loss.
            value = value + (linear - linear.detach());
        }

        return new ObjectiveValue(value, Figures(values, cosines, Doubles(target.Bent), factor, own))
        {
            TargetAngles = Array.ConvertAll(cosines, Degrees),
        };
    }

    private Tensor Products(Tensor x, CentreRows rows)
    {
        if (rows.InverseNorms is { } inverse)
        {
            Tensor inner = x.matmul(rows.Weight.t());
            return Curve.NormalisesCentres ? inner.mul_(inverse) : inner;
        }

        Tensor products = x.matmul((Curve.NormalisesCentres ? UnitRows.Of(rows.Weight) : rows.Weight).t());
        // A class is as near as the nearest of its sub-centres, and only that one is moved.
        return rows.SubCentres > 1 ? products.view(products.shape[0], -1, rows.SubCentres).max(2).values : products;
    }

    private OtherBend? Others(TargetColumn target)
    {
        using IDisposable noGradient = no_grad();
        return (Curve as IOtherLogits)?.BendOthers(target);
    }

    // A linear function of everything that takes part, whose coefficients are the gradient of the loss.
    private Tensor Linear(
        Tensor products, Tensor gradient, Tensor column, CentreRows rows, double factor, RowValues values,
        TargetGraph target, Tensor norms, Tensor? centreNorms)
    {
        ScalarType dtype = centres.Dtype;
        double share = 1.0 / values.Penalties.Length;
        List<Tensor> terms = [];
        if (rows.Bias is not null)
        {
            terms.Add(rows.Bias.dot(gradient.sum([0L])) * share);
        }

        if (scale is not null)
        {
            terms.Add(scale * (values.ScaleGradients.Sum() * share));
        }

        if (_penalty.Offset is { } offset)
        {
            terms.Add(offset * (-values.Sums.Sum() * share));
        }

        // The matrix is multiplied by the common factor where it is back-propagated, not here.
        double common = factor * share;
        TargetGradients own = target.Backward(tensor(values.TargetGradients, dtype: dtype) * common, share);
        using (no_grad())
        {
            Tensor entries = own.Product is null ? zeros_like(norms) : own.Product / common;
            _ = gradient.scatter_(1, column, entries.unsqueeze(1));
        }

        terms.Add(products.reshape(-1).dot(gradient.reshape(-1)) * common);
        AddTerm(norms, own.Norms);
        AddTerm(centreNorms, own.CentreNorms);
        foreach ((Tensor parameter, Tensor? slope) in own.Parameters)
        {
            AddTerm(parameter, slope);
        }

        return terms.Aggregate((a, b) => a + b);

        void AddTerm(Tensor? input, Tensor? slope)
        {
            if (input is not null && slope is not null)
            {
                terms.Add((input * slope).sum());
            }
        }
    }

    private static Dictionary<string, double> Figures(RowValues values, double[] cosines, double[] bent, double factor, double? penalty)
    {
        Dictionary<string, double> figures = new()
        {
            ["accuracy"] = values.Right.Average(right => right ? 1.0 : 0),
            ["target_cosine"] = cosines.Average(),
            ["target_angle"] = cosines.Average(cosine => (double)Degrees(cosine)),
            ["beyond_margin"] = bent.Average(logit => logit < 0 ? 1.0 : 0),
            ["scale"] = factor,
        };
        if (penalty is { } p)
        {
            figures["penalty"] = p;
        }

        return figures;
    }

    private static float Degrees(double cosine) => (float)(Math.Acos(Math.Clamp(cosine, -1, 1)) * (180 / Math.PI));

    private static double[] Doubles(Tensor column)
    {
        using Tensor wide = column.detach().to_type(ScalarType.Float64);
        return wide.data<double>().ToArray();
    }

    private double Scale() => (Curve as IBatchScale)?.Scale ?? (scale is null ? _fixedScale : scale.to_type(ScalarType.Float64).item<double>());
}
