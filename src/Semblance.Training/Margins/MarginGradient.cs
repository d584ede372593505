namespace Semblance.Training.Margins;

/// <summary>Which gradient a margin curve hands back.</summary>
public enum MarginGradient
{
    /// <summary>That of the curve: sin(θ + m)/sin θ, below 0 past π − m where nothing is done about it.</summary>
    True,

    /// <summary>1: the curve counts as a constant shift of the cosine (InsightFace's arcface_torch).</summary>
    StraightThrough,
}
