using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Centres;

/// <summary>
/// Centre invariance: ¼(‖c_y‖² − (1/C) Σ_k ‖c_k‖²)², the mean over the batch (Wu, Liu, Li, Fu 2017, "Deep Face Recognition with Center
/// Invariant Loss"), here on the centres of the classifier. It gives all classes centres of one length, which those with few photos otherwise do not reach.
/// </summary>
public sealed class CentreInvariance : ICentreRegulariser
{
    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "center-invariant",
        "A classifier whose class centres are all given one length (center invariant loss, Wu et al. 2017).",
        NeedsIdentityBatches: false,
        RegularisedClassifier.Parameters(0.01, "The weight γ of the regulariser beside the classifier's loss."),
        Create);

    /// <summary>The mean over the batch of ¼(‖c_y‖² − mean ‖c‖²)².</summary>
    /// <param name="centres">[classes × dim], attached to the graph.</param>
    /// <param name="labels">[batch]: whose centres count.</param>
    /// <returns>A scalar; owned by the caller's dispose scope.</returns>
    public Tensor Of(Tensor centres, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(centres);
        ArgumentNullException.ThrowIfNull(labels);
        using DisposeScope scope = NewDisposeScope();
        Tensor lengths = centres.square().sum(1);
        return ((lengths.index_select(0, labels) - lengths.mean()).square().mean() * 0.25).MoveToOuterDisposeScope();
    }

    private static RegularisedClassifier Create(ObjectiveArguments arguments, ObjectiveContext context)
    {
        RegularisedClassifier made = RegularisedClassifier.Create("center-invariant", new CentreInvariance(), arguments, context);
        if (made.Classifier.Curve.NormalisesCentres)
        {
            string loss = made.Classifier.GetName();
            made.Dispose();
            throw new UsageException(
                $"The objective 'center-invariant' has the classifier '{loss}', which does not see the length of its centres: the regulariser would have no effect; take softmax or l-softmax.");
        }

        return made;
    }
}
