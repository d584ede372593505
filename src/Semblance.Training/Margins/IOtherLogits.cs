using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>A curve that also bends the logits of the other classes, such as those that are nearer to a sample than its own bent logit.</summary>
public interface IOtherLogits
{
    /// <summary>How the cosines of the other classes are bent in this batch. Called without gradient, after <see cref="ITargetLogit.Bend"/>.</summary>
    /// <param name="target">The samples with their own classes.</param>
    /// <returns>The rule; its tensor belongs to the caller's dispose scope.</returns>
    OtherBend BendOthers(TargetColumn target);
}

/// <summary>
/// Where the cosine c of another class exceeds a bound of the sample, q·c² + l·c + k stands in its place and u·c + v is handed back as its
/// slope. All published rules are of this form. Slopes are given apart from values since some papers hold a factor constant.
/// </summary>
/// <param name="Bounds">[batch]: the bound of each sample, in the dtype of the cosines.</param>
/// <param name="Quadratic">q.</param>
/// <param name="Linear">l.</param>
/// <param name="Constant">k.</param>
/// <param name="SlopeLinear">u; 2q for the true slope.</param>
/// <param name="SlopeConstant">v; l for the true slope.</param>
public readonly record struct OtherBend(
    Tensor Bounds, double Quadratic, double Linear, double Constant, double SlopeLinear, double SlopeConstant)
{
    /// <summary>True where a cosine at or below the bound becomes 0 with slope 0; else it is left as it is.</summary>
    public bool ZeroBelow { get; init; }
}
