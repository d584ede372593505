using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Semblance.Training.Margins;

/// <summary>log(1 + eᶻ) and its slope, with all digits also where eᶻ is far below 1: ten thousand such terms make a loss.</summary>
internal static class Softplus
{
    /// <summary>log(1 + eᶻ).</summary>
    public static double Of(double z) => Math.Max(z, 0) + LogOnePlus(Math.Exp(-Math.Abs(z)));

    /// <summary>1/(1 + e⁻ᶻ).</summary>
    public static double Slope(double z)
    {
        double e = Math.Exp(-Math.Abs(z));
        return (z >= 0 ? 1 : e) / (1 + e);
    }

    /// <summary>Σ log(1 + eᶻ) over a row, and in the row's place the slopes times a weight.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="row">z; −∞ adds nothing.</param>
    /// <param name="weight">What slopes are multiplied by.</param>
    public static double SumAndSlopes<T>(Span<T> row, T weight)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int terms = typeof(T) == typeof(double) ? 16 : 7;
        T[] coefficients = new T[terms];
        for (int k = 0; k < terms; k++)
        {
            coefficients[k] = T.CreateChecked(2.0 / ((2 * k) + 1));
        }

        const int Block = 1024;
        Span<T> powers = stackalloc T[Block];
        double sum = 0;
        for (int start = 0; start < row.Length; start += Block)
        {
            Span<T> z = row[start..Math.Min(start + Block, row.Length)];
            Span<T> e = powers[..z.Length];
            TensorPrimitives.Abs<T>(z, e);
            TensorPrimitives.Negate<T>(e, e);
            TensorPrimitives.Exp<T>(e, e);
            sum += Finish(z, e, coefficients, weight);
        }

        return sum;
    }

    // z holds the arguments and e = exp(−|z|); adds up max(z, 0) + log(1 + e) and leaves the slopes in z.
    private static double Finish<T>(Span<T> z, Span<T> e, ReadOnlySpan<T> coefficients, T weight)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<Vector<T>> wideZ = MemoryMarshal.Cast<T, Vector<T>>(z);
        Span<Vector<T>> wideE = MemoryMarshal.Cast<T, Vector<T>>(e);
        Vector<T> total = Vector<T>.Zero;
        for (int i = 0; i < wideZ.Length; i++)
        {
            (Vector<T> argument, Vector<T> power) = (wideZ[i], wideE[i]);
            // log(1 + e) = 2·artanh(e/(2 + e)), whose series needs few terms, its argument being 1/3 at most.
            Vector<T> ratio = power / (power + new Vector<T>(T.CreateChecked(2)));
            Vector<T> square = ratio * ratio;
            Vector<T> series = new(coefficients[^1]);
            for (int k = coefficients.Length - 2; k >= 0; k--)
            {
                series = (series * square) + new Vector<T>(coefficients[k]);
            }

            total += Vector.Max(argument, Vector<T>.Zero) + (series * ratio);
            Vector<T> positive = Vector.GreaterThanOrEqual(argument, Vector<T>.Zero);
            wideZ[i] = new Vector<T>(weight) * Vector.ConditionalSelect(positive, Vector<T>.One, power) / (Vector<T>.One + power);
        }

        double sum = double.CreateChecked(Vector.Sum(total));
        for (int i = wideZ.Length * Vector<T>.Count; i < z.Length; i++)
        {
            double argument = double.CreateChecked(z[i]);
            sum += Of(argument);
            z[i] = weight * T.CreateChecked(Slope(argument));
        }

        return sum;
    }

    // Kahan's correction of the rounding in 1 + e.
    private static double LogOnePlus(double e)
    {
        double u = 1 + e;
        return u == 1 ? e : Math.Log(u) * e / (u - 1);
    }
}
