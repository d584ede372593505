using ScottPlot;
using Semblance.Laboratory.Experiments;

namespace Semblance.Laboratory.Figures;

/// <summary>
/// How each margin loss is drawn, the same in all figures: a colour for each target logit, and among losses that share one (and differ in
/// scale or in what they do to other classes) a dash of its own. The plain cosine is in ink.
/// </summary>
internal sealed class CurveLooks
{
    private readonly Dictionary<MarginCurve, (Color Colour, LinePattern Dash)> _looks = [];

    /// <summary>Hands out colours and dashes.</summary>
    /// <param name="curves">All curves, in order.</param>
    public CurveLooks(IEnumerable<MarginCurve> curves)
    {
        int coloured = 0;
        foreach (CurveGroup group in CurveGroup.Of(curves, curve => curve.Heights(scaled: false)))
        {
            bool plain = group.Heights.Zip(group.First.Degrees).All(point => Math.Abs(point.First - Math.Cos(point.Second * Math.PI / 180)) < 1e-9);
            foreach ((int i, MarginCurve curve) in group.Curves.Index())
            {
                _looks[curve] = plain ? (FigureColours.Ink, FigureColours.Dash(i)) : (FigureColours.Of(coloured), FigureColours.Dash(FigureColours.Round(coloured) + i));
            }

            coloured += plain ? 0 : 1;
        }
    }

    /// <summary>The look of a curve.</summary>
    public (Color Colour, LinePattern Dash) Of(MarginCurve curve) => _looks[curve];
}
