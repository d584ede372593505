using Semblance.Laboratory.Experiments;

namespace Semblance.Laboratory.Figures;

/// <summary>The figures that belong together: what a command of the laboratory draws, and all of them for the page.</summary>
public static class LaboratoryFigures
{
    /// <summary>The curves of margin-based losses, as three figures; for a single loss its own against softmax.</summary>
    /// <param name="losses">Registered names; all that have a curve where none is given.</param>
    /// <param name="scaled">Whether the target logits are multiplied by their scales.</param>
    /// <exception cref="UsageException">There is no loss of a name, or it has no curve.</exception>
    public static IReadOnlyList<IFigure> Curves(IReadOnlyCollection<string> losses, bool scaled = false)
    {
        ArgumentNullException.ThrowIfNull(losses);
        if (losses.Count == 1)
        {
            return [new LossCurveFigure(losses.Single(), scaled)];
        }

        IReadOnlyList<MarginCurve> curves = MarginCurves.Measure(losses);
        string arguments = losses.Count > 0 ? $" --losses {string.Join(',', losses)}" : "";
        return
        [
            new MarginCurveFigure(curves, MarginQuantity.Logit, arguments, scaled),
            new MarginCurveFigure(curves, MarginQuantity.Slope, arguments),
            new MarginCurveFigure(curves, MarginQuantity.LossGradient, arguments),
        ];
    }

    /// <summary>A figure for the page of each loss that has a curve.</summary>
    public static IReadOnlyList<IFigure> EachCurve() => [.. MarginCurves.Names().Select(loss => new LossCurveFigure(loss))];
}
