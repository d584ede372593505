using ScottPlot;
using Semblance.Training.Tuples;

namespace Semblance.Laboratory.Figures;

/// <summary>q(d): how far apart random points of a sphere are, for several dimensions.</summary>
public sealed class SphereDistancesFigure : IFigure
{
    private const double Step = 0.005;

    private readonly IReadOnlyList<int> _dimensions;

    /// <summary>Creates the figure.</summary>
    /// <param name="dimensions">The dimensions, each at least 3.</param>
    public SphereDistancesFigure(IReadOnlyList<int> dimensions)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        _dimensions = dimensions;
    }

    /// <inheritdoc/>
    public string Name => "sphere-distances";

    /// <inheritdoc/>
    public string Title => "Distances between random points of a sphere";

    /// <inheritdoc/>
    public string Caption => "The density q(d) ∝ dⁿ⁻²·(1 − d²/4)^((n−3)/2) of the distance between two random points of the unit sphere in n dimensions. "
        + "The more dimensions, the more all distances crowd at √2: a negative drawn at random is never near, and tells a loss nothing.";

    /// <inheritdoc/>
    public string Command => $"semblance lab sampling --dims {string.Join(',', _dimensions)}";

    /// <inheritdoc/>
    public object Numbers => new { Distances = Distances(), Densities = _dimensions.Select(n => new { Dimension = n, Density = Density(n) }) };

    /// <inheritdoc/>
    public FigureDrawing Draw()
    {
        double highest = _dimensions.Max(n => Density(n).Max());
        var panel = new FigurePanel(FigureAxis.Even("distance d", 0, 2, 0.5), FigureAxis.UpTo("density q(d)", highest), rightMargin: 40);
        panel.Mark(Math.Sqrt(2), "√2");
        foreach ((int i, int n) in _dimensions.Index())
        {
            double[] density = Density(n);
            Color colour = FigureColours.Of(i);
            panel.Curve(Distances(), density, colour, FigureColours.DashOf(i));
            // Beside the left flank, halfway up.
            int flank = Array.FindIndex(density, value => value >= density.Max() * 0.6);
            panel.Note($"n = {n}", Distances()[flank], density[flank], colour, Alignment.LowerRight);
        }

        return new FigureDrawing(720, 450, panel);
    }

    private static double[] Distances() => [.. Enumerable.Range(1, (int)(2 / Step) - 1).Select(i => i * Step)];

    private static double[] Density(int dimension) => [.. Distances().Select(d => SphereDistances.Density(dimension, d))];
}
