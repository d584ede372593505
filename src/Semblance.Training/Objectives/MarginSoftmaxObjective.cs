using Semblance.Training.Classes;
using Semblance.Training.Margins;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Objectives;

/// <summary>
/// Margin-based classification: cosine (or inner product) of embeddings with class centres, the target logit bent by a curve, scale,
/// cross-entropy, mean over the batch. Figures: "accuracy" (share of samples nearest to their own centre, margin left out),
/// "target_cosine" and "target_angle" (batch means for the own class; the angle in degrees), "scale", and "penalty" (the batch mean, where
/// the curve has one). A curve with state is told of the batch first, in training mode (<see cref="IBatchObserver"/>).
/// </summary>
public sealed class MarginSoftmaxObjective : Objective
{
    private readonly ClassCentres centres;
    // Named as a checkpoint holds it.
    private readonly Parameter? scale;
    private readonly double _fixedScale;

    /// <summary>Joins the parts; the module owns the centres.</summary>
    /// <param name="name">The registered name.</param>
    /// <param name="curve">What bends the target logit.</param>
    /// <param name="centres">Who owns the class centres.</param>
    /// <param name="scale">The factor between cosines and logits.</param>
    public MarginSoftmaxObjective(string name, ITargetLogit curve, ClassCentres centres, LogitScale scale)
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
        Tensor w = Curve.NormalisesCentres ? UnitRows.Of(rows.Weight) : rows.Weight;
        Tensor products = x.matmul(w.t());
        if (rows.SubCentres > 1)
        {
            // A class is as near as the nearest of its sub-centres, and only that one is moved.
            products = products.view(products.shape[0], -1, rows.SubCentres).max(2).values;
        }

        Tensor column = rows.Targets.unsqueeze(1);
        (Tensor cosine, Tensor? magnitude, Tensor norms) = Target(raw, rows, products.gather(1, column).squeeze(1));
        TargetColumn target = new(cosine, norms);
        if (training)
        {
            (Curve as IBatchObserver)?.Observe(target);
        }

        Tensor bent = Curve.Bend(target);
        Tensor logits = products;
        if (!ReferenceEquals(bent, cosine))
        {
            logits = products.scatter(1, column, (magnitude is null ? bent : bent * magnitude).unsqueeze(1));
        }

        logits = scale is not null ? logits * scale : _fixedScale != 1 ? logits * _fixedScale : logits;
        logits = rows.Bias is null ? logits : logits + rows.Bias;
        Tensor loss = nn.functional.cross_entropy(logits, rows.Targets);
        Dictionary<string, double> figures = Figures(products, rows, cosine);
        if (Curve is IPenalisedCurve penalised)
        {
            Tensor penalty = penalised.Penalty(target).mean();
            loss += penalty;
            figures["penalty"] = penalty.detach().to_type(ScalarType.Float64).item<double>();
        }

        return new ObjectiveValue(loss.MoveToOuterDisposeScope(), figures);
    }

    // The column of the own classes as cosines, and the factor that leads from there back to the products (null for 1).
    private (Tensor Cosine, Tensor? Magnitude, Tensor Norms) Target(Tensor raw, CentreRows rows, Tensor products)
    {
        Tensor norms = UnitRows.Norms(raw);
        Tensor? magnitude = Curve.NormalisesEmbeddings ? null : norms;
        if (!Curve.NormalisesCentres)
        {
            Tensor own = UnitRows.Norms(rows.Weight.index_select(0, rows.Targets));
            magnitude = magnitude is null ? own : magnitude * own;
        }

        return (magnitude is null ? products : products / magnitude.clamp_min(UnitRows.SmallestNorm), magnitude, norms);
    }

    private Dictionary<string, double> Figures(Tensor products, CentreRows rows, Tensor cosine)
    {
        using IDisposable noGradient = no_grad();
        Tensor answers = (rows.Bias is null ? products : (products * Scale()) + rows.Bias).argmax(1);
        Tensor angle = CosineBound.Clamp(cosine).acos() * (180 / Math.PI);
        return new Dictionary<string, double>
        {
            ["accuracy"] = answers.eq(rows.Targets).to_type(ScalarType.Float64).mean().item<double>(),
            ["target_cosine"] = cosine.to_type(ScalarType.Float64).mean().item<double>(),
            ["target_angle"] = angle.to_type(ScalarType.Float64).mean().item<double>(),
            ["scale"] = Scale(),
        };
    }

    private double Scale() => scale is null ? _fixedScale : scale.to_type(ScalarType.Float64).item<double>();
}
