using System.Globalization;
using ScottPlot;
using Semblance.Laboratory.Experiments;

namespace Semblance.Laboratory.Figures;

/// <summary>Margin-based losses over the angle to the own class's centre, all on one plot: the target logit, its slope, or the gradient of the loss.</summary>
public sealed class MarginCurveFigure : IFigure
{
    internal const string AngleName = "angle θ between embedding and its class centre";

    // Curves of large multiples of the angle fall to −7; below this nothing is told apart but the fall itself.
    private const double LowestLogit = -2.2;

    // A curve steeper than this many times the usual one is cut off, or it would press all others together.
    private const double Steepest = 2;

    private readonly IReadOnlyList<MarginCurve> _curves;
    private readonly MarginQuantity _quantity;
    private readonly bool _scaled;
    private readonly string _arguments;

    /// <summary>Creates the figure.</summary>
    /// <param name="curves">What was measured.</param>
    /// <param name="quantity">Which of it is drawn.</param>
    /// <param name="arguments">The arguments of the command that chose the losses, for the caption.</param>
    /// <param name="scaled">Whether the target logit is multiplied by its scale; the other quantities know no such choice.</param>
    public MarginCurveFigure(IReadOnlyList<MarginCurve> curves, MarginQuantity quantity, string arguments = "", bool scaled = false)
    {
        ArgumentNullException.ThrowIfNull(curves);
        (_curves, _quantity, _scaled, _arguments) = (curves, quantity, scaled, arguments);
    }

    /// <inheritdoc/>
    public string Name => _quantity switch
    {
        MarginQuantity.Logit => "target-logit",
        MarginQuantity.Slope => "target-slope",
        _ => "loss-gradient",
    };

    /// <inheritdoc/>
    public string Title => _quantity switch
    {
        MarginQuantity.Logit => "Target logit against the angle",
        MarginQuantity.Slope => "Slope of the target logit",
        _ => "Gradient of the loss over the angle",
    };

    /// <inheritdoc/>
    public string Caption => _quantity switch
    {
        MarginQuantity.Logit => "What each margin loss makes of the logit of a sample's own class, in the zones 0–30°, 30–60°, 60–90° and beyond. "
            + "A margin lowers the curve: at the same angle the sample looks worse than it is, and must come nearer to its centre for the same loss. "
            + "Each with its defaults, where schedules have ended; an arrow marks a curve that leaves the plot.",
        MarginQuantity.Slope => "How steeply the target logit falls with the angle: the factor by which a loss multiplies the gradient of softmax at its own class. "
            + "Plain cosines hand back sin θ, which vanishes at 0; an angular margin still pulls there.",
        _ => "The pull on an embedding towards its centre, by back-propagation through the whole loss with all other centres at 90° "
            + $"({MarginCurves.Classes.ToString("N0", CultureInfo.InvariantCulture)} classes, each loss at its own scale; without normalisation ‖W‖‖x‖ = {MarginCurves.UnnormalisedNorm}). "
            + "Softmax lets go as soon as the own class leads; a margin holds on until it leads by the margin.",
    };

    /// <inheritdoc/>
    public string Command => "semblance lab curves" + _arguments + (_scaled ? " --scaled" : "");

    /// <inheritdoc/>
    public object Numbers => new { Quantity = _quantity, Scaled = _scaled, Curves = _curves };

    /// <inheritdoc/>
    public FigureDrawing Draw()
    {
        int count = _curves[0].Degrees.Count(angle => angle <= WidestAngle);
        double[] degrees = [.. _curves[0].Degrees.Take(count)];
        // Of a curve that depends on the norm the one in the middle; the loss's own figure shows all.
        MarginCurve[] drawn = [.. _curves.Where(curve => curve.Norm is null || curve.Norm == MarginCurves.Norms[MarginCurves.Norms.Count / 2])];
        var looks = new CurveLooks(drawn);
        CurveGroup[] groups = CurveGroup.Of(drawn, curve => Heights(curve)[..count]);
        var panel = new FigurePanel(
            FigureAxis.Even(AngleName, 0, WidestAngle, 30, "°"), VerticalAxis(groups), rightMargin: Math.Clamp(40 + (8 * groups.Max(g => g.Longest)), 110, 260));
        AngleZones.Draw(panel, WidestAngle);
        for (int i = groups.Length - 1; i >= 0; i--)
        {
            (Color colour, LinePattern dash) = looks.Of(groups[i].First);
            panel.NamedCurve(groups[i].Label, degrees, groups[i].Heights, colour, dash);
        }

        return new FigureDrawing(860, 560, panel);
    }

    // All slopes fall to 0 at 180°, where no embedding is; before that they differ.
    private double WidestAngle => _quantity == MarginQuantity.Logit ? 180 : 120;

    private double[] Heights(MarginCurve curve) => _quantity switch
    {
        MarginQuantity.Logit => curve.Heights(_scaled),
        MarginQuantity.Slope => [.. curve.Slope.Select(slope => -slope)],
        _ => [.. curve.LossGradient],
    };

    private FigureAxis VerticalAxis(CurveGroup[] groups)
    {
        double low = groups.Min(group => group.Heights.Min());
        double[] peaks = [.. groups.Select(group => group.Heights.Max()).Order()];
        double high = Math.Min(peaks[^1], _quantity == MarginQuantity.Logit ? double.PositiveInfinity : Steepest * peaks[peaks.Length / 2]);
        return _quantity switch
        {
            MarginQuantity.Logit when _scaled => FigureAxis.Even("scaled target logit s·ψ(θ)", Math.Max(low, LowestLogit * high) * 1.03, high * 1.12, Step(high)),
            MarginQuantity.Logit => FigureAxis.Even("target logit ψ(θ)", Math.Max(low * 1.03, LowestLogit), 1.24, 0.5),
            MarginQuantity.Slope => FigureAxis.Even("slope −dψ/dθ, per radian", Math.Max(-1, Math.Min(0, low * 1.05)), high * 1.12, 0.5),
            _ => FigureAxis.Even("gradient of the loss dL/dθ, per radian", Math.Min(0, Math.Max(low, -high) * 1.05), high * 1.12, Step(high)),
        };
    }

    private static double Step(double high) => new[] { 0.5, 1, 2, 5, 10, 20, 25, 50, 100, 200 }.First(step => high / step <= 6);
}

/// <summary>What of a margin loss is drawn.</summary>
public enum MarginQuantity
{
    /// <summary>ψ(θ).</summary>
    Logit,

    /// <summary>−dψ/dθ.</summary>
    Slope,

    /// <summary>dL/dθ.</summary>
    LossGradient,
}
