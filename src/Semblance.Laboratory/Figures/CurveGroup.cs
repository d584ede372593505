using ScottPlot;
using Semblance.Laboratory.Experiments;

namespace Semblance.Laboratory.Figures;

/// <summary>Losses whose curves coincide: drawn once, under all their names.</summary>
internal sealed class CurveGroup
{
    private const string Plain = "softmax";
    private const double Same = 1e-6;

    private readonly List<MarginCurve> _curves;

    private CurveGroup(MarginCurve first, double[] heights, int index) => (_curves, Heights, Index) = ([first], heights, index);

    /// <summary>The first of the curves.</summary>
    public MarginCurve First => _curves[0];

    /// <summary>The place of the first among all curves but softmax: a loss keeps its colour from figure to figure.</summary>
    public int Index { get; }

    /// <summary>What is drawn.</summary>
    public double[] Heights { get; }

    /// <summary>The names, one a line where there are several.</summary>
    public string Label => string.Join(" =\n", _curves.Select(curve => curve.Name));

    /// <summary>Letters of the longest name.</summary>
    public int Longest => _curves.Max(curve => curve.Name.Length);

    /// <summary>Its dash.</summary>
    public LinePattern Dash => FigureColours.DashOf(Index);

    /// <summary>Plain softmax is the measure of all others: ink.</summary>
    public Color Colour => First.Loss == Plain ? FigureColours.Ink : FigureColours.Of(Index);

    /// <summary>Puts curves that coincide together, in their order.</summary>
    public static CurveGroup[] Of(IEnumerable<MarginCurve> curves, Func<MarginCurve, double[]> heights)
    {
        List<CurveGroup> groups = [];
        int index = 0;
        foreach (MarginCurve curve in curves)
        {
            double[] values = heights(curve);
            double size = Math.Max(1, values.Max(Math.Abs));
            CurveGroup? same = groups.Find(group => group.Heights.Zip(values).All(pair => Math.Abs(pair.First - pair.Second) <= Same * size));
            if (same is null)
            {
                groups.Add(new CurveGroup(curve, values, index));
            }
            else
            {
                same._curves.Add(curve);
            }

            index += curve.Loss == Plain ? 0 : 1;
        }

        return [.. groups];
    }
}
