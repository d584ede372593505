using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tuples;

/// <summary>Which photos of a batch show the same person, and which do not.</summary>
public sealed class IdentityRelations
{
    private IdentityRelations(Tensor same, Tensor different) => (Same, Different) = (same, different);

    /// <summary>[batch × batch] bool: same label, the diagonal left out. Owned by the dispose scope of <see cref="Of"/>'s caller.</summary>
    public Tensor Same { get; }

    /// <summary>[batch × batch] bool: different labels. Owned by the dispose scope of <see cref="Of"/>'s caller.</summary>
    public Tensor Different { get; }

    /// <summary>Compares all labels.</summary>
    /// <param name="labels">[batch] int64.</param>
    public static IdentityRelations Of(Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        using DisposeScope scope = NewDisposeScope();
        Tensor equal = labels.unsqueeze(1).eq(labels.unsqueeze(0));
        Tensor self = eye(labels.shape[0], dtype: ScalarType.Bool, device: labels.device);
        return new IdentityRelations(
            equal.logical_and(self.logical_not()).MoveToOuterDisposeScope(), equal.logical_not().MoveToOuterDisposeScope());
    }
}
