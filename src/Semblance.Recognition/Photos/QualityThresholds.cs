using System.Globalization;

namespace Semblance.Recognition.Photos;

/// <summary>
/// The least that a face must offer to be used. The defaults refuse thumbnails, blur and profiles: of LFW's 13,233 photos 9, of the same
/// blurred by a Gaussian of σ = 3 and 4 pixels (44 between the eyes) 63 % and 89 %, of those shrunk to 11 pixels
/// between the eyes all but one of 1,611.
/// </summary>
public sealed record QualityThresholds
{
    /// <summary>Refuses nothing.</summary>
    public static QualityThresholds None { get; } = new() { MinEyeDistance = 0, MinSharpness = 0, MaxYaw = 180, MaxPitch = 180, MaxRoll = 180, MaxClipped = 1, MinScore = 0, MinVisible = 0 };

    /// <summary>The least distance of the eyes in pixels of the photo; 0 for any.</summary>
    public double MinEyeDistance { get; init; } = 16;

    /// <summary>The least <see cref="FaceQuality.Sharpness"/>; 0 for any.</summary>
    public double MinSharpness { get; init; } = 0.007;

    /// <summary>The most degrees that the head may be turned to a side, in [0, 180].</summary>
    public double MaxYaw { get; init; } = 50;

    /// <summary>The most degrees that the head may look up or down, in [0, 180].</summary>
    public double MaxPitch { get; init; } = 45;

    /// <summary>The most degrees that the head may be tilted in the plane of the photo, in [0, 180]. Alignment turns it back; detectors see little beyond 45.</summary>
    public double MaxRoll { get; init; } = 60;

    /// <summary>The largest share of the face that may be black or white, in [0, 1].</summary>
    public double MaxClipped { get; init; } = 0.5;

    /// <summary>The least confidence of the detector, in [0, 1].</summary>
    public double MinScore { get; init; }

    /// <summary>The least share of the face within the photo, in [0, 1].</summary>
    public double MinVisible { get; init; } = 0.75;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="UsageException">A value is out of range.</exception>
    public void Validate()
    {
        Require("min-eye-distance", MinEyeDistance, 100_000, "pixels, 0 or more");
        Require("min-sharpness", MinSharpness, 1000, "0 or more");
        Require("max-yaw", MaxYaw, 180, "degrees from 0 to 180");
        Require("max-pitch", MaxPitch, 180, "degrees from 0 to 180");
        Require("max-roll", MaxRoll, 180, "degrees from 0 to 180");
        Require("max-clipped", MaxClipped, 1, "a share from 0 to 1");
        Require("min-score", MinScore, 1, "a number from 0 to 1");
        Require("min-visible", MinVisible, 1, "a share from 0 to 1");

        static void Require(string name, double value, double most, string expected)
        {
            if (!(value >= 0 && value <= most))
            {
                throw new UsageException($"{name} is {value}; expected {expected}.");
            }
        }
    }

    /// <summary>Why a face is refused, in words; null where it is not.</summary>
    /// <param name="quality">The face's quality.</param>
    public string? Refusal(FaceQuality quality)
    {
        ArgumentNullException.ThrowIfNull(quality);
        return quality switch
        {
            _ when quality.Score < MinScore => Text($"the detector is only {quality.Score:F2} sure of its face, {MinScore:F2} wanted"),
            _ when quality.EyeDistance < MinEyeDistance => Text($"its face is too small: {quality.EyeDistance:0.#} pixels between the eyes, {MinEyeDistance:0.#} wanted"),
            _ when quality.Visible < MinVisible => Text($"its face is cut off: {quality.Visible:P0} of it within the photo, {MinVisible:P0} wanted"),
            _ when Math.Abs(quality.Yaw) > MaxYaw => Text($"its face is turned aside by about {Math.Abs(quality.Yaw):0.#}°, at most {MaxYaw:0.#}° wanted"),
            _ when Math.Abs(quality.Pitch) > MaxPitch => Text($"its face looks up or down by about {Math.Abs(quality.Pitch):0.#}°, at most {MaxPitch:0.#}° wanted"),
            _ when Math.Abs(quality.Roll) > MaxRoll => Text($"its face is tilted by about {Math.Abs(quality.Roll):0.#}°, at most {MaxRoll:0.#}° wanted"),
            _ when quality.Clipped > MaxClipped => Text($"its face is black or white in {quality.Clipped:P0} of its pixels, at most {MaxClipped:P0} wanted"),
            _ when quality.Sharpness < MinSharpness => Text($"its face is blurred: sharpness {quality.Sharpness:G2}, {MinSharpness:G2} wanted"),
            _ => null,
        };

        static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }
}
