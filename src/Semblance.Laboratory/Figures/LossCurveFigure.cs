using ScottPlot;
using Semblance.Laboratory.Experiments;

namespace Semblance.Laboratory.Figures;

/// <summary>One margin-based loss against softmax, for the loss's page.</summary>
public sealed class LossCurveFigure : IFigure
{
    private readonly IReadOnlyList<MarginCurve> _curves;
    private readonly string _loss;
    private readonly bool _scaled;

    /// <summary>Measures a loss.</summary>
    /// <param name="loss">Its registered name.</param>
    /// <param name="scaled">Whether the target logit is multiplied by its scale.</param>
    /// <exception cref="UsageException">There is no loss of that name, or it has no target-logit curve.</exception>
    public LossCurveFigure(string loss, bool scaled = false) => (_loss, _scaled, _curves) = (loss, scaled, MarginCurves.Measure(loss));

    /// <inheritdoc/>
    public string Name => _loss;

    /// <inheritdoc/>
    public string Title => $"Target logit of {_loss} against the angle";

    /// <inheritdoc/>
    public string Caption => $"What {_loss} with its defaults makes of the logit of a sample's own class, beside the plain cosine.";

    /// <inheritdoc/>
    public string Command => $"semblance lab curves --losses {_loss}" + (_scaled ? " --scaled" : "");

    /// <inheritdoc/>
    public object Numbers => new { Curves = _curves };

    /// <inheritdoc/>
    public FigureDrawing Draw()
    {
        CurveGroup[] groups = CurveGroup.Of(_curves, curve => curve.Heights(_scaled));
        double scale = _scaled ? _curves[0].Scale : 1;
        double low = Math.Min(-scale, groups.Min(group => group.Heights.Min()));
        var panel = new FigurePanel(
            FigureAxis.Even(MarginCurveFigure.AngleName, 0, 180, 30, "°"),
            FigureAxis.Even(_scaled ? "scaled target logit s·ψ(θ)" : "target logit ψ(θ)", low * 1.03, scale + (0.1 * (scale - low)), (low < -3 * scale ? 1 : 0.5) * scale),
            rightMargin: Math.Clamp(40 + (8 * groups.Max(group => group.Longest)), 90, 220));
        AngleZones.Draw(panel, 180);
        double[] degrees = [.. _curves[0].Degrees];
        double[] cosine = [.. degrees.Select(angle => scale * Math.Cos(angle * Math.PI / 180))];
        bool plain = groups.Length == 1 && groups[0].Heights.Zip(cosine).All(pair => Math.Abs(pair.First - pair.Second) < 1e-6 * scale);
        if (!plain)
        {
            panel.NamedCurve(_scaled ? "s·cos θ" : "cos θ", degrees, cosine, FigureColours.Muted, LinePattern.DenselyDashed);
        }

        for (int i = 0; i < groups.Length; i++)
        {
            panel.NamedCurve(groups[i].Label, degrees, groups[i].Heights, i);
        }

        return new FigureDrawing(720, 430, panel);
    }
}
