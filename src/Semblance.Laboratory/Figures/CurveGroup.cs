using Semblance.Laboratory.Experiments;

namespace Semblance.Laboratory.Figures;

/// <summary>Losses whose curves coincide: drawn once, under all their names.</summary>
internal sealed class CurveGroup
{
    private const double Same = 1e-6;

    private readonly List<MarginCurve> _curves;

    private CurveGroup(MarginCurve first, double[] heights) => (_curves, Heights) = ([first], heights);

    /// <summary>The curves, in their order.</summary>
    public IReadOnlyList<MarginCurve> Curves => _curves;

    /// <summary>The first of the curves.</summary>
    public MarginCurve First => _curves[0];

    /// <summary>What is drawn.</summary>
    public double[] Heights { get; }

    /// <summary>The names, one a line where there are several.</summary>
    public string Label => string.Join(" =\n", _curves.Select(curve => curve.Name));

    /// <summary>Letters of the longest name.</summary>
    public int Longest => _curves.Max(curve => curve.Name.Length);

    /// <summary>Puts curves that coincide together, in their order.</summary>
    /// <param name="curves">The curves.</param>
    /// <param name="heights">What of them is drawn.</param>
    public static CurveGroup[] Of(IEnumerable<MarginCurve> curves, Func<MarginCurve, double[]> heights)
    {
        List<CurveGroup> groups = [];
        foreach (MarginCurve curve in curves)
        {
            double[] values = heights(curve);
            double size = Math.Max(1, values.Max(Math.Abs));
            CurveGroup? same = groups.Find(group => group.Heights.Zip(values).All(pair => Math.Abs(pair.First - pair.Second) <= Same * size));
            if (same is null)
            {
                groups.Add(new CurveGroup(curve, values));
            }
            else
            {
                same._curves.Add(curve);
            }
        }

        return [.. groups];
    }
}
