using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>cos(θ + m) from cos θ, with what is done where θ + m passes π: the step that all curves with an additive angular margin share.</summary>
internal static class AngleShift
{
    // The slack of the clipped treatment, as in the code that uses it.
    private const double ClipSlack = 1e-4;

    /// <summary>One margin for all samples.</summary>
    /// <param name="cosine">[batch]: cos θ; rounding may carry it past ±1.</param>
    /// <param name="margin">m in radians, in [0, π/2].</param>
    /// <param name="treatment">What holds where θ + m passes π.</param>
    /// <returns>[batch], attached to the graph; owned by the caller's dispose scope.</returns>
    public static Tensor Cosine(Tensor cosine, double margin, BeyondPi treatment)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor bounded = CosineBound.Clamp(cosine);
        // cos(θ + m) by the addition theorem: no arccosine, and the slope sin(θ + m)/sin θ is exact.
        Tensor bent = (bounded * Math.Cos(margin)) - (CosineBound.Sine(bounded) * Math.Sin(margin));
        return (treatment switch
        {
            BeyondPi.Linear => where(bounded.ge(Math.Cos(Math.PI - margin)), bent, cosine - (margin * Math.Sin(margin))),
            BeyondPi.EasyMargin => where(bounded.gt(0), bent, cosine),
            BeyondPi.Cosine => where(bounded.gt(Math.Cos(Math.PI - margin)), bent, cosine),
            BeyondPi.Clip => where(
                bounded.gt(Math.Cos(Math.PI - ClipSlack - margin)), bent, full_like(bent, Math.Cos(Math.PI - ClipSlack))),
            _ => bent,
        }).MoveToOuterDisposeScope();
    }

    /// <summary>A margin for each sample, through which the gradient flows where it is attached to the graph.</summary>
    /// <param name="cosine">[batch]: cos θ; rounding may carry it past ±1.</param>
    /// <param name="margin">[batch]: m in radians.</param>
    /// <param name="treatment">What holds where θ + m passes π.</param>
    /// <returns>[batch], attached to the graph; owned by the caller's dispose scope.</returns>
    public static Tensor Cosine(Tensor cosine, Tensor margin, BeyondPi treatment)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor bounded = CosineBound.Clamp(cosine);
        Tensor bent = (bounded * margin.cos()) - (CosineBound.Sine(bounded) * margin.sin());
        return (treatment switch
        {
            BeyondPi.Linear => where(bounded.ge((Math.PI - margin).cos()), bent, cosine - (margin * margin.sin())),
            BeyondPi.EasyMargin => where(bounded.gt(0), bent, cosine),
            BeyondPi.Cosine => where(bounded.gt((Math.PI - margin).cos()), bent, cosine),
            BeyondPi.Clip => where(
                bounded.gt((Math.PI - ClipSlack - margin).cos()), bent, full_like(bent, Math.Cos(Math.PI - ClipSlack))),
            _ => bent,
        }).MoveToOuterDisposeScope();
    }
}
