using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>A curve that comes with a term of its own beside the cross-entropy, such as MagFace's regulariser of the norms.</summary>
public interface IPenalisedCurve
{
    /// <summary>The term of each sample; its mean over the batch is added to the loss.</summary>
    /// <param name="target">The samples with their own classes.</param>
    /// <returns>[batch], attached to the graph; owned by the caller's dispose scope.</returns>
    Tensor Penalty(TargetColumn target);
}
