using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Margins;

/// <summary>
/// ψ(θ) = (−1)^k cos(mθ) − 2k with k = ⌊mθ/π⌋: cos(mθ) with its rising parts turned over, so that it falls all the way from 1 to 1 − 2m
/// (Liu et al. 2016, eq. 6; Liu et al. 2017, eq. 8). Shared by L-Softmax and SphereFace.
/// </summary>
internal static class MultipliedAngle
{
    /// <summary>The largest m that the papers use.</summary>
    public const int LargestMargin = 4;

    /// <summary>ψ(θ) from cos θ.</summary>
    /// <param name="cosine">[batch]: cos θ; rounding may carry it past ±1.</param>
    /// <param name="margin">m, from 1 to 4; at 1 the cosine itself is returned.</param>
    /// <returns>[batch], attached to the graph; owned by the caller's dispose scope.</returns>
    public static Tensor Curve(Tensor cosine, int margin)
    {
        if (margin == 1)
        {
            return cosine;
        }

        using DisposeScope scope = NewDisposeScope();
        // cos(mθ) is the Chebyshev polynomial of cos θ: value and slope are finite everywhere, without an angle.
        Tensor square = cosine.square();
        Tensor multiple = margin switch
        {
            2 => (2 * square) - 1,
            3 => cosine * ((4 * square) - 3),
            _ => (8 * square * (square - 1)) + 1,
        };
        Tensor k;
        using (no_grad())
        {
            k = zeros_like(cosine);
            for (int j = 1; j < margin; j++)
            {
                k.add_(cosine.lt(Math.Cos(j * Math.PI / margin)));
            }
        }

        return ((multiple * (1 - (2 * k.remainder(2)))) - (2 * k)).MoveToOuterDisposeScope();
    }
}
