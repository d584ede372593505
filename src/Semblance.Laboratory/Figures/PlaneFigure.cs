using System.Globalization;
using ScottPlot;
using Semblance.Laboratory.Experiments;

namespace Semblance.Laboratory.Figures;

/// <summary>What each loss makes of some people in a plane, side by side.</summary>
public sealed class PlaneFigure : ITabulatedFigure
{
    private const int PanelsInRow = 4;
    private const int PanelWidth = 232;

    // Further out than nearly all points: a single outlier must not shrink the rest.
    private const double Quantile = 0.985;

    // Ten hues that stay apart in clusters of their own; neighbours in this list differ in lightness as well.
    private static readonly string[] s_hues = ["#0072b2", "#d55e00", "#009e73", "#b0518f", "#e69f00", "#56b4e9", "#7a4b2a", "#222426", "#8f9aa3", "#7f9a1e"];

    private static readonly string[] s_untold = ["lambda_", "normalise=", "scale="];

    private readonly IReadOnlyList<PlaneResult> _results;
    private readonly string _arguments;
    private readonly bool _seen;
    private readonly PlaneOptions _options;

    /// <summary>Creates the figure.</summary>
    /// <param name="results">What was measured.</param>
    /// <param name="options">What the trainings had in common.</param>
    /// <param name="seen">True for photos that were trained on, false for others of the same people.</param>
    /// <param name="arguments">The arguments of the command that trained.</param>
    public PlaneFigure(IReadOnlyList<PlaneResult> results, PlaneOptions options, bool seen, string arguments) => (_results, _options, _seen, _arguments) = (results, options, seen, arguments);

    /// <inheritdoc/>
    public string Name => _seen ? "plane" : "plane-unseen";

    /// <inheritdoc/>
    public string Title => _seen ? "Embeddings of two numbers, by loss" : "Photos not trained on, in the same planes";

    /// <inheritdoc/>
    public string Caption => string.Create(CultureInfo.InvariantCulture,
        $"{PlaneFaces.ShownPhotos} photos of each of {_options.Identities} people, {(_seen ? "trained on" : "none of them trained on")}, embedded into the plane by one small network that was trained with each loss for {_options.Steps} steps: the same photos and batches of {_options.Identities * PlaneFaces.PhotosInBatch}, the same first weights, the same rates. The cross is the origin; each panel has its own scale. ")
        + "Softmax parts people by angle and leaves each spread along its ray; center loss draws them to points; multiplied angles and margins make the rays thinner; losses over distances that are not normalised know no rays. "
        + string.Create(CultureInfo.InvariantCulture, $"Below a loss stand the mean angle within a person and the mean angle between a person and the nearest other; so many people on a circle can be {_options.LargestAngle:0.#}° apart.");

    /// <inheritdoc/>
    public string Command => "semblance lab plane" + _arguments;

    /// <inheritdoc/>
    public object Numbers => new { _options.Steps, _options.Seed, Results = _results.Select(result => new { result.Label, Points = Points(result) }) };

    /// <inheritdoc/>
    public IReadOnlyList<string> Columns { get; } =
        ["loss", "right by angle", "right by distance", "angle within", "angle to nearest", "smallest between", "spread / distance", "mean length"];

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<string>> Rows =>
    [
        .. _results.Select(result => (IReadOnlyList<string>)
        [
            result.Label, .. Cells(Points(result)),
        ]),
    ];

    /// <inheritdoc/>
    public FigureDrawing Draw() => new(Math.Min(PanelsInRow, _results.Count), (PanelWidth, PanelWidth + 28), [.. _results.Select(Panel)]);

    private PlanePoints Points(PlaneResult result) => _seen ? result.Seen : result.Unseen;

    private static IEnumerable<string> Cells(PlanePoints points) =>
    [
        Share(points.Accuracy), Share(points.DistanceAccuracy), Angle(points.IntraAngle), Angle(points.InterAngle), Angle(points.SmallestInterAngle),
        points.Spread.ToString("0.00", CultureInfo.InvariantCulture), points.MeanNorm.ToString("0.0#", CultureInfo.InvariantCulture),
    ];

    private FigurePanel Panel(PlaneResult result)
    {
        PlanePoints points = Points(result);
        double[] reaches = [.. points.X.Zip(points.Y, (x, y) => Math.Max(Math.Abs(x), Math.Abs(y))).Order()];
        double reach = Math.Max(1e-9, 1.12 * reaches[(int)(Quantile * (reaches.Length - 1))]);
        FigurePanel panel = FigurePanel.OfPlane(Heading(result.Label), reach);
        foreach (IGrouping<int, int> person in points.Identities.Index().GroupBy(item => item.Item, item => item.Index))
        {
            panel.Dots([.. person.Select(i => points.X[i])], [.. person.Select(i => points.Y[i])], Color.FromHex(s_hues[person.Key % s_hues.Length]), 4.5f);
        }

        panel.Note($"{Angle(points.IntraAngle)} / {Angle(points.InterAngle)}", -reach, -reach, FigureColours.Muted, Alignment.LowerLeft);
        return panel;
    }

    // The table tells all parameters; a panel has room for what tells it from its neighbours.
    private static string Heading(string label) => string.Join(' ', label.Split(' ').Where(word => !Array.Exists(s_untold, start => word.StartsWith(start, StringComparison.Ordinal))));

    private static string Angle(double degrees) => degrees.ToString("0.0", CultureInfo.InvariantCulture) + "°";

    private static string Share(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
