using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Semblance.Data;

/// <summary>
/// Random changes to training images, each with a probability and a strength, applied in the order of the properties. Lengths are relative to
/// the image or the input, so that a setting means the same at 64 and 112 pixels, except for blur, which is in input pixels.
/// Defaults are mild: aligned crops of faces are not photographs at large.
/// </summary>
public sealed record AugmentationOptions
{
    /// <summary>Nothing happens to the images.</summary>
    public static AugmentationOptions None { get; } = new()
    {
        FlipProbability = 0,
        CropProbability = 0,
        RotationProbability = 0,
        BrightnessProbability = 0,
        ColorProbability = 0,
        GreyProbability = 0,
        BlurProbability = 0,
        JpegProbability = 0,
        ErasingProbability = 0,
    };

    /// <summary>Probability of mirroring left and right; 0 to 1.</summary>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Probability of a random resized crop; 0 to 1.</summary>
    public double CropProbability { get; init; } = 0.8;

    /// <summary>The smallest share of the image's area that a crop keeps; above 0, at most <see cref="CropMaxArea"/>.</summary>
    public double CropMinArea { get; init; } = 0.75;

    /// <summary>The largest share of the image's area that a crop keeps; at most 1.</summary>
    public double CropMaxArea { get; init; } = 1;

    /// <summary>How far a crop's aspect may leave the image's own: drawn (log-uniform) between 1/this and this; 1 to 4.</summary>
    public double CropAspect { get; init; } = 1.1;

    /// <summary>Probability of a rotation about the crop's centre; 0 to 1.</summary>
    public double RotationProbability { get; init; } = 0.2;

    /// <summary>The largest angle either way, in degrees; 0 to 180.</summary>
    public double RotationDegrees { get; init; } = 8;

    /// <summary>Probability of a change of brightness and contrast; 0 to 1.</summary>
    public double BrightnessProbability { get; init; } = 0.5;

    /// <summary>Brightness moves by up to this share of the full range either way; 0 to 1.</summary>
    public double Brightness { get; init; } = 0.15;

    /// <summary>Contrast about mid-grey is multiplied by 1 ± up to this; 0 to 1.</summary>
    public double Contrast { get; init; } = 0.2;

    /// <summary>Probability of a change of saturation and colour balance; 0 to 1. Grey images stay as they are.</summary>
    public double ColorProbability { get; init; } = 0.2;

    /// <summary>Saturation is multiplied by 1 ± up to this; 0 to 1.</summary>
    public double Saturation { get; init; } = 0.3;

    /// <summary>Each colour is multiplied by 1 ± up to this; 0 to 1.</summary>
    public double ColorBalance { get; init; } = 0.08;

    /// <summary>Probability of losing all colour; 0 to 1.</summary>
    public double GreyProbability { get; init; } = 0.05;

    /// <summary>Probability of a Gaussian blur; 0 to 1.</summary>
    public double BlurProbability { get; init; } = 0.05;

    /// <summary>The largest standard deviation of the blur, in pixels of the input; drawn between 0.3 and this; 0.3 to 8.</summary>
    public double BlurSigma { get; init; } = 1.2;

    /// <summary>Probability of JPEG artefacts (the input is coded and decoded again); 0 to 1.</summary>
    public double JpegProbability { get; init; } = 0.05;

    /// <summary>The lowest JPEG quality; drawn between this and 90; 1 to 90.</summary>
    public int JpegMinQuality { get; init; } = 40;

    /// <summary>Probability of random erasing: a rectangle is filled with noise (Zhong et al. 2020); 0 to 1.</summary>
    public double ErasingProbability { get; init; } = 0.1;

    /// <summary>The smallest share of the input that is erased; 0 to <see cref="ErasingMaxArea"/>.</summary>
    public double ErasingMinArea { get; init; } = 0.02;

    /// <summary>The largest share of the input that is erased; at most 0.8.</summary>
    public double ErasingMaxArea { get; init; } = 0.15;

    /// <summary>Checks all values.</summary>
    /// <param name="section">The section of the config that the keys stand in, for messages; keys are the properties' names in snake_case.</param>
    /// <exception cref="UsageException">A value is out of range; the message names its key.</exception>
    public void Validate(string section = "augmentation")
    {
        Check(FlipProbability, 0, 1);
        Check(CropProbability, 0, 1);
        Check(CropMaxArea, 0.01, 1);
        Check(CropMinArea, 0.01, CropMaxArea);
        Check(CropAspect, 1, 4);
        Check(RotationProbability, 0, 1);
        Check(RotationDegrees, 0, 180);
        Check(BrightnessProbability, 0, 1);
        Check(Brightness, 0, 1);
        Check(Contrast, 0, 1);
        Check(ColorProbability, 0, 1);
        Check(Saturation, 0, 1);
        Check(ColorBalance, 0, 1);
        Check(GreyProbability, 0, 1);
        Check(BlurProbability, 0, 1);
        Check(BlurSigma, 0.3, 8);
        Check(JpegProbability, 0, 1);
        Check(JpegMinQuality, 1, 90);
        Check(ErasingProbability, 0, 1);
        Check(ErasingMaxArea, 0, 0.8);
        Check(ErasingMinArea, 0, ErasingMaxArea);

        void Check(double value, double low, double high, [CallerArgumentExpression(nameof(value))] string property = "")
        {
            // Written so that NaN fails too.
            if (!(value >= low && value <= high))
            {
                throw new UsageException(string.Create(
                    CultureInfo.InvariantCulture, $"{section}.{JsonNamingPolicy.SnakeCaseLower.ConvertName(property)} is {value}; expected {low} to {high}."));
            }
        }
    }
}
