using System.Globalization;
using Semblance.Laboratory.Experiments;

namespace Semblance.Laboratory.Figures;

/// <summary>The gradient of pairwise losses against distance: pushing negatives on the left, pulling positives on the right.</summary>
public sealed class PairGradientFigure : IFigure
{
    private readonly IReadOnlyList<PairGradient> _gradients = PairGradients.Measure();

    /// <inheritdoc/>
    public string Name => "pair-gradients";

    /// <inheritdoc/>
    public string Title => "Gradient of pairwise losses against distance";

    /// <inheritdoc/>
    public string Caption =>
        $"How strongly each loss pushes a negative away from the anchor (left; the positive at distance {Text(PairGradients.PositiveDistance)}) and pulls a positive towards it "
        + $"(right; the negative at distance {Text(PairGradients.NegativeDistance)}), by back-propagation through a batch of three, not normalised, with each loss's default margin. "
        + "The gradient of a squared distance is 2d: it vanishes just where a negative is hardest, at the anchor itself, so that what noise there is decides "
        + "and embeddings collapse. A true distance has the gradient 1 however near the two are.";

    /// <inheritdoc/>
    public string Command => "semblance lab tuples";

    /// <inheritdoc/>
    public object Numbers => new { PairGradients.PositiveDistance, PairGradients.NegativeDistance, Gradients = _gradients };

    /// <inheritdoc/>
    public FigureDrawing Draw() => new(
        700,
        470,
        Panel("pushing the negative", "distance d(a, n)", "push −∂L/∂d(a, n)", gradient => gradient.Push),
        Panel("pulling the positive", "distance d(a, p)", "pull ∂L/∂d(a, p)", gradient => gradient.Pull));

    private FigurePanel Panel(string title, string x, string y, Func<PairGradient, IReadOnlyList<double>> heights)
    {
        double highest = Math.Min(3, _gradients.Max(gradient => heights(gradient).Max()));
        var panel = new FigurePanel(FigureAxis.Even(x, 0, PairGradients.Distances[^1], 0.4), FigureAxis.Even(y, 0, highest * 1.08, 0.5), rightMargin: 190, title);
        foreach ((int i, PairGradient gradient) in _gradients.Index())
        {
            panel.NamedCurve(gradient.Label, [.. gradient.Distances], [.. heights(gradient)], i);
        }

        return panel;
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
