using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>
/// The own classes' column with a graph of its own, of [batch] tensors only. Were it gathered from the matrix of logits within the graph,
/// the gradients of gather and scatter would each fill another matrix of that size.
/// </summary>
internal sealed class TargetGraph
{
    private readonly ITargetLogit _curve;
    private readonly Tensor _product;
    private readonly Tensor _norms;
    private readonly Tensor? _centreNorms;
    private readonly Tensor? _magnitude;

    /// <summary>Takes the column out of the graph.</summary>
    /// <param name="curve">The curve.</param>
    /// <param name="products">[batch]: the products of embeddings and own centres.</param>
    /// <param name="norms">[batch]: ‖x‖.</param>
    /// <param name="centreNorms">[batch]: ‖W_y‖ where centres are not normalised, else null.</param>
    public TargetGraph(ITargetLogit curve, Tensor products, Tensor norms, Tensor? centreNorms)
    {
        bool differentiable = is_grad_enabled();
        _curve = curve;
        _product = Leaf(products, differentiable);
        _norms = Leaf(norms, differentiable);
        _centreNorms = centreNorms is null ? null : Leaf(centreNorms, differentiable);
        _magnitude = (curve.NormalisesEmbeddings, _centreNorms) switch
        {
            (true, null) => null,
            (true, { } own) => own,
            (false, null) => _norms,
            (false, { } own) => _norms * own,
        };
        Tensor cosine = _magnitude is null ? _product : _product / _magnitude.clamp_min(UnitRows.SmallestNorm);
        Column = new TargetColumn(cosine, _norms);
    }

    /// <summary>What the curve sees.</summary>
    public TargetColumn Column { get; }

    /// <summary>[batch]: ψ(θ).</summary>
    public Tensor Bent { get; private set; } = null!;

    /// <summary>[batch]: ψ(θ)·‖W‖‖x‖, the logit before its scale.</summary>
    public Tensor Logit { get; private set; } = null!;

    /// <summary>[batch]: the curve's own penalty, or null.</summary>
    public Tensor? Penalty { get; private set; }

    /// <summary>Applies the curve.</summary>
    public void Bend()
    {
        Bent = _curve.Bend(Column);
        Logit = ReferenceEquals(Bent, Column.Cosine) ? _product : _magnitude is null ? Bent : Bent * _magnitude;
        Penalty = (_curve as IPenalisedCurve)?.Penalty(Column);
    }

    /// <summary>Leads gradients back through the curve.</summary>
    /// <param name="logit">[batch]: the derivative of the loss by <see cref="Logit"/>.</param>
    /// <param name="penalty">The derivative of the loss by each sample's <see cref="Penalty"/>.</param>
    /// <returns>The derivatives by the product, ‖x‖, ‖W_y‖ and each parameter of the curve; null where there is no path.</returns>
    public TargetGradients Backward(Tensor logit, double penalty)
    {
        if (ReferenceEquals(Logit, _product) && Penalty is null)
        {
            return new TargetGradients(logit, null, null, []);
        }

        List<Tensor> outputs = [];
        List<Tensor> seeds = [];
        if (Logit.requires_grad)
        {
            outputs.Add(Logit);
            seeds.Add(logit);
        }

        if (Penalty is { requires_grad: true })
        {
            outputs.Add(Penalty);
            seeds.Add(full_like(Penalty, penalty));
        }

        nn.Module? module = _curve as nn.Module;
        Tensor[] parameters = module is null ? [] : [.. module.parameters()];
        Tensor[] inputs = _centreNorms is null ? [_product, _norms, .. parameters] : [_product, _norms, _centreNorms, .. parameters];
        IList<Tensor> found = autograd.grad(outputs, inputs, seeds, allow_unused: true);
        Tensor?[] gradients = [.. found.Select(g => g is null || g.IsInvalid ? null : g)];
        int own = _centreNorms is null ? 2 : 3;
        return new TargetGradients(
            gradients[0],
            gradients[1],
            _centreNorms is null ? null : gradients[2],
            [.. parameters.Select((p, i) => (p, gradients[own + i]))]);
    }

    private static Tensor Leaf(Tensor value, bool differentiable)
    {
        Tensor leaf = value.detach();
        return differentiable ? leaf.requires_grad_() : leaf;
    }
}

/// <summary>What <see cref="TargetGraph.Backward"/> leads back.</summary>
/// <param name="Product">[batch]: by the product.</param>
/// <param name="Norms">[batch]: by ‖x‖.</param>
/// <param name="CentreNorms">[batch]: by ‖W_y‖.</param>
/// <param name="Parameters">By each parameter of the curve.</param>
internal sealed record TargetGradients(
    Tensor? Product, Tensor? Norms, Tensor? CentreNorms, IReadOnlyList<(Tensor Parameter, Tensor? Gradient)> Parameters);
