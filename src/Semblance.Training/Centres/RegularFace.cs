using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Centres;

/// <summary>
/// RegularFace's exclusive regularisation: the mean over the classes of the cosine to the nearest other class's centre, (1/C) Σ_i max_{j≠i}
/// cos(W_i, W_j) (Zhao, Xu, Cheng 2019, "RegularFace: Deep Face Recognition via Exclusive Regularization", the exclusive loss). It drives the classes apart,
/// which margins leave to chance. The nearest are found in blocks of rows without a gradient; only their cosines are in the graph, so that
/// nothing of size classes × classes is made.
/// </summary>
public sealed class RegularFace : ICentreRegulariser
{
    private const int BlockRows = 1024;

    /// <summary>The registry's entry.</summary>
    public static ObjectiveDefinition Definition { get; } = new(
        "regularface",
        "A classifier whose class centres are driven away from their nearest others (RegularFace, Zhao et al. 2019).",
        NeedsIdentityBatches: false,
        RegularisedClassifier.Parameters(1, "The weight λ of the regulariser beside the classifier's loss."),
        (arguments, context) => RegularisedClassifier.Create("regularface", new RegularFace(), arguments, context));

    /// <summary>The mean cosine to the nearest other centre; 0 with a single class.</summary>
    /// <param name="centres">[classes × dim], attached to the graph.</param>
    /// <param name="labels">Without effect: all centres count.</param>
    /// <returns>A scalar; owned by the caller's dispose scope.</returns>
    public Tensor Of(Tensor centres, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(centres);
        using DisposeScope scope = NewDisposeScope();
        Tensor unit = UnitRows.Of(centres);
        if (centres.shape[0] == 1)
        {
            return (unit.sum() * 0).MoveToOuterDisposeScope();
        }

        return (unit * unit.index_select(0, Nearest(unit.detach()))).sum(1).mean().MoveToOuterDisposeScope();
    }

    private static Tensor Nearest(Tensor unit)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        long classes = unit.shape[0];
        List<Tensor> blocks = [];
        for (long first = 0; first < classes; first += BlockRows)
        {
            using DisposeScope block = NewDisposeScope();
            long rows = Math.Min(BlockRows, classes - first);
            Tensor cosines = unit.narrow(0, first, rows).matmul(unit.t());
            Tensor self = arange(first, first + rows, ScalarType.Int64).unsqueeze(1);
            cosines = cosines.scatter(1, self, full([rows, 1], double.NegativeInfinity, unit.dtype));
            blocks.Add(cosines.argmax(1).MoveToOuterDisposeScope());
        }

        return cat(blocks).MoveToOuterDisposeScope();
    }
}
