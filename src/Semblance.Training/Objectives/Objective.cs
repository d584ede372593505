using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Objectives;

/// <summary>
/// What the training loop minimises: embeddings and labels in, a scalar loss with its named parts and diagnostics out. Parameters of its
/// own (class centres, β, a learned scale) are registered as module parameters and buffers, so that the loop can give them a parameter
/// group and a checkpoint can hold them.
/// </summary>
public abstract class Objective : nn.Module
{
    /// <summary>Creates the module.</summary>
    /// <param name="name">The registered name, for example arcface.</param>
    protected Objective(string name)
        : base(name)
    {
    }

    /// <summary>Evaluates the objective on one batch. Computes in the dtype of its parameters (float32, or float64 in tests) whatever the embeddings' dtype.</summary>
    /// <param name="embeddings">[batch × dim], not normalised, any floating dtype.</param>
    /// <param name="labels">[batch] int64 class indices.</param>
    /// <param name="samples">[batch] int64: the index of each photo in the training set, for objectives that keep something per photo; null where it is not known.</param>
    /// <returns>The value; its loss tensor belongs to the caller's dispose scope.</returns>
    public abstract ObjectiveValue Evaluate(Tensor embeddings, Tensor labels, Tensor? samples = null);

    /// <summary>
    /// Makes the objective easier than configured, for a warm-up: at 0 without its margin (and, where tuples are mined, with semi-hard ones),
    /// at 1 as configured. How far it has come is the loop's to say before each step; it is no state of the objective.
    /// </summary>
    /// <param name="fraction">From 0 to 1.</param>
    /// <returns>False where the objective has nothing to ease; then nothing changes.</returns>
    public virtual bool Anneal(double fraction) => false;
}

/// <summary>The outcome of an objective on one batch.</summary>
/// <param name="Loss">Scalar tensor, attached to the graph (also where no tuple is active: then it is 0 and back-propagates zeros).</param>
/// <param name="Figures">Parts of the loss and diagnostics by name, for the log: for example "accuracy", "active_tuples".</param>
public sealed record ObjectiveValue(Tensor Loss, IReadOnlyDictionary<string, double> Figures)
{
    /// <summary>The angle of each sample to its own class's centre in degrees, for histograms; null for objectives without centres.</summary>
    public float[]? TargetAngles { get; init; }
}
