namespace Semblance.Laboratory.Experiments;

/// <summary>A margin-based loss against the angle between an embedding and the centre of its own class, as the training's own objects give it.</summary>
/// <param name="Loss">The registered name, with defaults throughout, where a schedule of its own (λ of SphereFace) has ended.</param>
/// <param name="Norm">‖x‖ where the curve depends on it; null where it does not.</param>
/// <param name="Scale">The factor s between cosines and logits; where nothing is normalised, ‖W‖‖x‖.</param>
/// <param name="Degrees">θ in degrees, rising from 0 to 180; the ends lie a twentieth of a degree inside, where slopes are defined.</param>
/// <param name="Logit">ψ(θ), before the scale.</param>
/// <param name="Slope">dψ/dθ per radian, by back-propagation through the curve.</param>
/// <param name="LossGradient">dL/dθ per radian, by back-propagation through the whole loss with the centres of all other classes at 90°.</param>
public sealed record MarginCurve(
    string Loss,
    double? Norm,
    double Scale,
    IReadOnlyList<double> Degrees,
    IReadOnlyList<double> Logit,
    IReadOnlyList<double> Slope,
    IReadOnlyList<double> LossGradient)
{
    /// <summary>The name, with the norm where the curve depends on it.</summary>
    public string Name => Norm is { } norm ? FormattableString.Invariant($"{Loss} ‖x‖ = {norm:0.#}") : Loss;

    /// <summary>ψ or s·ψ.</summary>
    /// <param name="scaled">Whether the scale is applied.</param>
    public double[] Heights(bool scaled) => [.. Logit.Select(value => scaled ? value * Scale : value)];
}
