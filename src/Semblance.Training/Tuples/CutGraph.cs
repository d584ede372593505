using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>
/// The distances of a batch cut from the embeddings, and a loss of them joined to the embeddings again. The gradient is computed where the
/// loss is: the graph over batch × batch cells is gone before the loss is returned, and the way from the distances to the embeddings
/// costs one matrix product instead of autograd's two and a dozen passes over the cells.
/// </summary>
public sealed class CutGraph
{
    private readonly Tensor _embeddings;
    private readonly bool _wanted;

    private CutGraph(Tensor embeddings, DistanceMatrix distances, bool wanted) => (_embeddings, Distances, _wanted) = (embeddings, distances, wanted);

    /// <summary>The distances, where the graph of a loss begins. Owned by the dispose scope of <see cref="Of"/>'s caller.</summary>
    public DistanceMatrix Distances { get; }

    /// <summary>Cuts.</summary>
    /// <param name="embeddings">[batch × dim] of any floating dtype, attached to the graph; must outlive this.</param>
    /// <param name="kind">Which distance.</param>
    /// <param name="normalise">Whether embeddings are scaled to unit length first (always so for cosine).</param>
    /// <param name="further">[n × dim]: references beyond the batch, no part of the graph; null for none.</param>
    public static CutGraph Of(Tensor embeddings, Distance kind, bool normalise, Tensor? further = null)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        bool wanted = is_grad_enabled() && embeddings.requires_grad;
        return new CutGraph(embeddings, DistanceMatrix.Cut(embeddings, kind, normalise, further, wanted), wanted);
    }

    /// <summary>Joins a loss to the embeddings and to the parameters that it depends on.</summary>
    /// <param name="loss">A scalar computed from <see cref="Distances"/>.</param>
    /// <param name="parameters">What else may take part in it and requires a gradient.</param>
    /// <returns>A scalar of the same value, attached to embeddings and parameters; owned by the caller's dispose scope. Its gradient has itself no gradient.</returns>
    public Tensor Join(Tensor loss, IEnumerable<Tensor> parameters)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(parameters);
        using DisposeScope scope = NewDisposeScope();
        Tensor joined = loss.detach();
        if (!is_grad_enabled())
        {
            return joined.MoveToOuterDisposeScope();
        }

        Tensor[] own = [.. parameters.Where(p => p.requires_grad)];
        (Tensor? slopes, Tensor? direct) = (null, null);
        if (loss.requires_grad && own.Length == 0)
        {
            // What the loss does not depend on has no gradient then; autograd.grad would give tensors without a handle, which TorchSharp never counts as gone.
            loss.backward();
            (slopes, direct) = (Distances.Values.grad, Distances.Anchors.grad);
        }
        else if (loss.requires_grad)
        {
            Tensor[] inputs = _wanted ? [Distances.Values, Distances.Anchors, .. own] : own;
            Tensor?[] gradients = [.. autograd.grad([loss], inputs, allow_unused: true).Select(g => g.IsInvalid ? null : g)];
            (slopes, direct) = _wanted ? (gradients[0], gradients[1]) : (null, null);
            foreach ((Tensor parameter, Tensor? gradient) in own.Zip(gradients[^own.Length..]))
            {
                joined = gradient is null ? joined : Surrogate.Attach(joined, parameter, gradient);
            }
        }

        if (_wanted)
        {
            Tensor gradient;
            using (no_grad())
            {
                gradient = OfEmbeddings(slopes, direct);
            }

            joined = Surrogate.Attach(joined, _embeddings.to_type(gradient.dtype), gradient);
        }

        return joined.MoveToOuterDisposeScope();
    }

    private Tensor OfEmbeddings(Tensor? slopes, Tensor? direct)
    {
        Tensor gradient = slopes is null ? direct ?? zeros_like(Distances.Anchors.detach()) : Distances.GradientOfAnchors(slopes);
        if (slopes is not null && direct is not null)
        {
            gradient = gradient + direct;
        }

        if (!Distances.Normalised)
        {
            return gradient;
        }

        // Back through x/‖x‖: what lies along a unit row does not change it.
        Tensor unit = Distances.Anchors.detach();
        Tensor along = (unit * gradient).sum(1, keepdim: true);
        Tensor norms = UnitRows.Norms(_embeddings.detach().to_type(gradient.dtype)).unsqueeze(1);
        Tensor inverse = where(norms.gt(0), norms.reciprocal(), zeros_like(norms));
        return (gradient - (unit * along)) * inverse;
    }
}
