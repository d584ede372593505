namespace Semblance.Training.Margins;

/// <summary>What a curve with an angular margin does where θ + m passes π.</summary>
public enum BeyondPi
{
    /// <summary>cos θ − m sin m: falls on, at the slope of cos θ (the authors' first code, and the default of most libraries).</summary>
    Linear,

    /// <summary>cos(θ + m) throughout, as the paper writes it: rises again past π − m.</summary>
    None,

    /// <summary>The margin holds only where cos θ is above 0, else cos θ ("easy margin" of the authors' first code).</summary>
    EasyMargin,

    /// <summary>cos θ past π − m (FaceX-Zoo without its second margin): the curve jumps up there.</summary>
    Cosine,

    /// <summary>θ + m held at π − 1e-4 (the AdaFace authors' ArcFace): no gradient through the own class beyond.</summary>
    Clip,
}
