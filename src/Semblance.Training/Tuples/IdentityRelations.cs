using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>Which photos of a batch show the same person, and which do not.</summary>
public sealed class IdentityRelations
{
    private IdentityRelations(Tensor same, Tensor different) => (Same, Different) = (same, different);

    /// <summary>[anchors × references] bool: same label, a photo with itself left out. Owned by the dispose scope of <see cref="Of(Tensor, Tensor?)"/>'s caller.</summary>
    public Tensor Same { get; }

    /// <summary>[anchors × references] bool: different labels. Owned by the dispose scope of <see cref="Of(Tensor, Tensor?)"/>'s caller.</summary>
    public Tensor Different { get; }

    /// <summary>Compares all labels.</summary>
    /// <param name="labels">[batch] int64.</param>
    /// <param name="further">[n] int64: labels of references beyond the batch (a memory), which come after those of the batch; null for none.</param>
    public static IdentityRelations Of(Tensor labels, Tensor? further = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        using DisposeScope scope = NewDisposeScope();
        Tensor references = further is null ? labels : cat([labels, further]);
        Tensor equal = labels.unsqueeze(1).eq(references.unsqueeze(0));
        Tensor self = eye(labels.shape[0], references.shape[0], dtype: ScalarType.Bool, device: labels.device);
        return new IdentityRelations(
            equal.logical_and(self.logical_not()).MoveToOuterDisposeScope(), equal.logical_not().MoveToOuterDisposeScope());
    }
}
