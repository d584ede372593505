using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking;

/// <summary>How far a number may lie from the reference's (the golden folder's README).</summary>
internal static class CaseTolerance
{
    private const double Float64 = 1e-9;
    private const double Float32Loss = 1e-5;
    private const double Float32Gradient = 1e-4;
    // Where the angle itself is near 0, acos costs half the digits.
    private const double Float32SmallAngle = 1e-3;

    /// <summary>The largest difference of a loss.</summary>
    public static double Loss(ScalarType dtype, double expected) =>
        (dtype == ScalarType.Float64 ? Float64 : Float32Loss) * Math.Max(1, Math.Abs(expected));

    /// <summary>The largest difference of an entry of a gradient. A gradient that is zero must be zero.</summary>
    public static double Gradient(ScalarType dtype, double largest, string caseName) =>
        largest == 0 ? 0
        : dtype == ScalarType.Float64 ? (Float64 * largest) + 1e-12
        : ((caseName.Contains("small_angle", StringComparison.Ordinal) ? Float32SmallAngle : Float32Gradient) * largest) + 1e-6;

    /// <summary>The largest difference of an extra.</summary>
    public static double Extra(ScalarType dtype, double largest, bool exact) =>
        exact ? 0 : (dtype == ScalarType.Float64 ? Float64 : Float32Gradient) * Math.Max(1, largest);
}
