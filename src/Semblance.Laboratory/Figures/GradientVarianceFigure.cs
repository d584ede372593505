using System.Globalization;
using Semblance.Laboratory.Experiments;

namespace Semblance.Laboratory.Figures;

/// <summary>The variance of the gradient's direction at each distance of a negative.</summary>
public sealed class GradientVarianceFigure : IFigure
{
    private const double Bin = 0.05;

    private static readonly double[] NoiseLengths = [0.1, 0.3, 0.6];

    private readonly IdentityEmbeddings _embeddings;
    private readonly IReadOnlyList<DirectionVariance> _variances;
    private readonly string _arguments;

    /// <summary>Measures: with the embeddings' own noise where they have some, else with Gaussian noise of three lengths.</summary>
    /// <param name="embeddings">What is measured.</param>
    /// <param name="seed">Which pairs and noise.</param>
    /// <param name="arguments">The arguments of the command that named the embeddings.</param>
    public GradientVarianceFigure(IdentityEmbeddings embeddings, ulong seed, string arguments)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        (_embeddings, _arguments) = (embeddings, arguments);
        double[] distances = [.. Enumerable.Range(1, 40).Select(i => Math.Round(i * Bin, 2))];
        _variances = IsReal
            ? [GradientVariance.Of(embeddings, distances, seed)]
            : [.. NoiseLengths.Select(noise => GradientVariance.OnSphere(embeddings.Dimension, noise, distances, seed))];
    }

    /// <inheritdoc/>
    public string Name => "gradient-variance";

    /// <inheritdoc/>
    public string Title => "Variance of the gradient's direction against distance";

    /// <inheritdoc/>
    public string Caption => "The total variance of the unit vector (a − n)/‖a − n‖ along which a negative is pushed, when both embeddings are noisy: 0 is a sure direction, 1 nothing but noise. "
        + "The nearer the negative, the more noise decides, which is why the hardest negatives mislead. "
        + (IsReal ? $"Pairs of different people among {_embeddings.Source}; the noise is that between a photo and its mirror image."
            : $"Random pairs on the unit sphere in {_embeddings.Dimension} dimensions, Gaussian noise of the stated mean length on each embedding.");

    /// <inheritdoc/>
    public string Command => "semblance lab sampling" + _arguments;

    /// <inheritdoc/>
    public object Numbers => new { _embeddings.Source, Variances = _variances };

    private bool IsReal => _embeddings.Noise.Count > 0;

    /// <inheritdoc/>
    public FigureDrawing Draw()
    {
        var panel = new FigurePanel(FigureAxis.Even("distance d(a, n)", 0, 2, 0.5), FigureAxis.Even("variance of the gradient's direction", 0, 1.05, 0.25), rightMargin: 130);
        foreach ((int i, DirectionVariance variance) in _variances.Index())
        {
            (double Distance, double Variance)[] known = [.. variance.Distances.Zip(variance.Variances).Where(point => double.IsFinite(point.Second))];
            if (known.Length > 0)
            {
                panel.NamedCurve(
                    $"noise {variance.Noise.ToString("0.0#", CultureInfo.InvariantCulture)}", [.. known.Select(point => point.Distance)], [.. known.Select(point => point.Variance)], i);
            }
        }

        return new FigureDrawing(760, 450, panel);
    }
}
