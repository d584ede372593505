using System.Numerics;
using Semblance.Imaging;

namespace Semblance.Recognition.Detection.Frames;

/// <summary>How bytes become a model's input: value = (byte − mean) × factor, per channel.</summary>
internal sealed record FrameFormat
{
    /// <summary>3 for colour, 1 for grey (of colour photos: the luminance of ITU-R BT.601, as OpenCV and JPEG have it).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>True for height × width × channels, false for channels × height × width.</summary>
    public bool ChannelsLast { get; init; }

    /// <summary>The order of the channels.</summary>
    public ColorOrder Order { get; init; } = ColorOrder.Rgb;

    /// <summary>Subtracted from red, green and blue (0…255).</summary>
    public Vector3 Mean { get; init; }

    /// <summary>Multiplies the difference.</summary>
    public float Factor { get; init; } = 1;

    /// <summary>The value of pixels beside the photo (0…255), or null for the mean; ignored where <see cref="Replicate"/> is set.</summary>
    public float? Padding { get; init; } = 0;

    /// <summary>Continues the photo's border pixels beyond the border instead of padding.</summary>
    public bool Replicate { get; init; }
}
