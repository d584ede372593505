using static TorchSharp.torch;

namespace Semblance.Training.Centres;

/// <summary>A term that depends on the class centres of a classifier: how they stand to each other, or how long they are.</summary>
public interface ICentreRegulariser
{
    /// <summary>The term, before its weight.</summary>
    /// <param name="centres">[classes × dim], not normalised, attached to the graph.</param>
    /// <param name="labels">[batch] int64, at least one.</param>
    /// <returns>A scalar, attached to the graph; owned by the caller's dispose scope.</returns>
    Tensor Of(Tensor centres, Tensor labels);
}
