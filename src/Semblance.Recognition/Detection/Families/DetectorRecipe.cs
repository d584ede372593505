using Semblance.Recognition.Detection.Decoding;
using Semblance.Recognition.Detection.Frames;

namespace Semblance.Recognition.Detection.Families;

/// <summary>All that is particular to a family: how photos go in, how faces come out, and the published thresholds.</summary>
internal sealed record DetectorRecipe
{
    /// <summary>How bytes become the input.</summary>
    public required FrameFormat Format { get; init; }

    /// <summary>How the outputs become boxes.</summary>
    public required IFaceDecoder Decoder { get; init; }

    /// <summary>The published least score.</summary>
    public required float MinScore { get; init; }

    /// <summary>The published overlap of the suppression.</summary>
    public required float Overlap { get; init; }

    /// <summary>Whether overlapping boxes are blended (BlazeFace) instead of the best one taken.</summary>
    public bool Blends { get; init; }

    /// <summary>Whether the photo lies in the middle of the frame; else at the top left.</summary>
    public bool Centred { get; init; }

    /// <summary>The most that a photo smaller than the frame is enlarged.</summary>
    public float MaxScale { get; init; } = float.PositiveInfinity;

    /// <summary>For models of any size: the frame's sides are multiples of this.</summary>
    public int Multiple { get; init; } = 32;

    /// <summary>The height in frame pixels from which on faces are found as a rule; smaller ones ask for a closer look.</summary>
    public required float ReliableHeight { get; init; }
}
