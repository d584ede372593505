using System.Globalization;
using ScottPlot;
using Semblance.Laboratory.Experiments;
using Semblance.Training.Tuples;

namespace Semblance.Laboratory.Figures;

/// <summary>Where the negatives fall that the miners choose.</summary>
public sealed class SampledNegativesFigure : IFigure
{
    private const double RowHeight = 0.9;
    private const double NameShare = 0.25;

    private readonly IdentityEmbeddings _embeddings;
    private readonly IReadOnlyList<SampledNegatives> _negatives;
    private readonly string _arguments;

    /// <summary>Samples.</summary>
    /// <param name="embeddings">What is sampled from.</param>
    /// <param name="seed">Which batches.</param>
    /// <param name="arguments">The arguments of the command that named the embeddings.</param>
    public SampledNegativesFigure(IdentityEmbeddings embeddings, ulong seed, string arguments)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        (_embeddings, _arguments) = (embeddings, arguments);
        _negatives = NegativeSampling.Sample(embeddings, seed);
    }

    /// <inheritdoc/>
    public string Name => "sampled-negatives";

    /// <inheritdoc/>
    public string Title => "Where the negatives of each sampling strategy fall";

    /// <inheritdoc/>
    public string Caption => $"Distances between anchors and the negatives that the library's miners choose in batches of up to {NegativeSampling.BatchIdentities} identities with four photos each, "
        + $"from {_embeddings.Source}. Dotted: q(d), where random points of the sphere lie. Random negatives lie where most are; hard ones at the lower edge of that, semi-hard ones just beyond the positives. "
        + "Distance-weighted ones are spread evenly up to their cutoff where embeddings fill the sphere; where they crowd in fewer dimensions, as those of a trained network may, they come close to the hardest.";

    /// <inheritdoc/>
    public string Command => "semblance lab sampling" + _arguments;

    /// <inheritdoc/>
    public object Numbers => new { _embeddings.Source, NegativeSampling.BinWidth, Negatives = _negatives };

    /// <inheritdoc/>
    public FigureDrawing Draw()
    {
        SampledNegatives[] drawn = [.. _negatives.Where(negatives => negatives.Count > 0)];
        (double first, double last) = (drawn.Min(First), drawn.Max(Last));
        // Room on the left for the strategies' names.
        (double low, double high) = (Math.Max(0, Math.Floor(10 * (first - (NameShare * (last - first)))) / 10), Math.Min(2, Math.Ceiling((10 * last) + 0.5) / 10));
        // A row for each strategy, all to one scale, the first on top.
        var panel = new FigurePanel(
            FigureAxis.Even("distance d(a, n)", low, high, high - low > 1 ? 0.2 : 0.1), new FigureAxis("share of the negatives chosen", 0, drawn.Length, []), rightMargin: 40);
        panel.Mark(Math.Sqrt(2), "√2");
        double[] fine = [.. Enumerable.Range(1, 399).Select(i => i * 0.005).Where(d => d >= low && d <= high)];
        double[] chance = [.. fine.Select(d => SphereDistances.Density(_embeddings.Dimension, d))];
        double highest = Math.Max(chance.Max(), drawn.Max(negatives => negatives.Density.Max()));
        foreach ((int i, SampledNegatives negatives) in drawn.Index())
        {
            Color colour = FigureColours.Of(i);
            double floor = drawn.Length - 1 - i;
            (double[] xs, double[] ys) = Steps(negatives.Density);
            double[] heights = [.. ys.Select(value => floor + (RowHeight * value / highest))];
            panel.Area(xs, heights, colour, floor);
            panel.Curve(fine, [.. chance.Select(value => floor + (RowHeight * value / highest))], FigureColours.Muted, LinePattern.Dotted, 1.4f);
            panel.Curve(xs, heights, colour, width: 1.8f);
            panel.Note($"{negatives.Strategy}\nmean {negatives.MeanDistance.ToString("0.00", CultureInfo.InvariantCulture)}", low, floor + 0.55, colour, Alignment.MiddleLeft);
        }

        return new FigureDrawing(760, 150 + (95 * drawn.Length), panel);
    }

    private static double First(SampledNegatives negatives) => NegativeSampling.BinWidth * negatives.Density.Index().First(item => item.Item > 0).Index;

    private static double Last(SampledNegatives negatives) => NegativeSampling.BinWidth * (negatives.Density.Index().Last(item => item.Item > 0).Index + 1);

    private static (double[] X, double[] Y) Steps(IReadOnlyList<double> density)
    {
        List<double> xs = [];
        List<double> ys = [];
        foreach ((int i, double value) in density.Index())
        {
            xs.AddRange([i * NegativeSampling.BinWidth, (i + 1) * NegativeSampling.BinWidth]);
            ys.AddRange([value, value]);
        }

        return ([.. xs], [.. ys]);
    }
}
