namespace Semblance.Laboratory.Tests.Golden;

/// <summary>Arithmetic on plain arrays for formulas written as loops.</summary>
internal static class Naive
{
    public static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    public static double Norm(double[] a) => Math.Sqrt(Dot(a, a));

    public static double Cosine(double[] a, double[] b) => Dot(a, b) / (Norm(a) * Norm(b));

    public static double[] Unit(double[] a)
    {
        double norm = Norm(a);
        return [.. a.Select(x => x / norm)];
    }

    public static double SquaredDistance(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }

        return sum;
    }

    public static double Distance(double[] a, double[] b) => Math.Sqrt(SquaredDistance(a, b));

    /// <summary>log Σ exp, without overflow.</summary>
    public static double LogSumExp(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double largest = all.Max();
        return largest + Math.Log(all.Sum(v => Math.Exp(v - largest)));
    }

    /// <summary>log(1 + exp(x)), without overflow.</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    /// <summary>−log of the softmax of one entry.</summary>
    public static double CrossEntropy(double[] logits, int target) => LogSumExp(logits) - logits[target];
}
