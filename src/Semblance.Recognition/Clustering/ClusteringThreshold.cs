using System.Globalization;
using System.Text.Json.Serialization;
using Semblance.Models;

namespace Semblance.Recognition.Clustering;

/// <summary>The cosine from which on faces, or groups of them, are taken for the same person's, and where it comes from.</summary>
/// <param name="Value">The cosine.</param>
/// <param name="Origin">Where it comes from, in words.</param>
public sealed record ClusteringThreshold(
    [property: JsonPropertyName("value")] double Value,
    [property: JsonPropertyName("origin")] string Origin)
{
    /// <summary>What is taken for a model without thresholds: most models leave few pairs of strangers above it.</summary>
    public const double WithoutCard = 0.5;

    private const string RatePrefix = "fmr=";

    /// <summary>
    /// The threshold for so many faces. A threshold that one pair of strangers in a thousand passes is right for comparing two faces; among 10,000,
    /// each would find ten strangers, and all people would run into one another. So the model's threshold is raised until of all n²/2 pairs the
    /// expected number s of pairs of strangers is left, cosines of strangers being taken for normal about 0 after Fisher's transformation (artanh;
    /// Fisher 1915): t = tanh(artanh(t₀) · z(2s / n²) / z(rate of t₀)), z being the normal upper quantile. Never lowered.
    /// </summary>
    /// <param name="card">The model's card: the strictest of its "fmr=…" counts, else "eer" as it stands, else <see cref="WithoutCard"/>.</param>
    /// <param name="faces">Number of faces.</param>
    /// <param name="pairs">Pairs of strangers that may be expected above the threshold, above 0.</param>
    public static ClusteringThreshold For(ModelCard card, int faces, double pairs)
    {
        ArgumentNullException.ThrowIfNull(card);
        (string Name, double Rate, double Value)[] rates =
        [
            .. card.Thresholds.Select(t => (t.Key, RateOf(t.Key), t.Value)).Where(t => t.Item2 is > 0 and < 0.5 && t.Value is > 0 and < 1).OrderBy(t => t.Item2),
        ];
        if (rates.Length == 0)
        {
            return card.Thresholds.TryGetValue("eer", out double equal)
                ? new ClusteringThreshold(equal, "eer of the model")
                : new ClusteringThreshold(WithoutCard, "the model carries none");
        }

        (string name, double rate, double value) = rates[0];
        double wanted = 2 * pairs / Math.Max(1, (double)faces * faces);
        if (wanted >= rate)
        {
            return new ClusteringThreshold(value, $"{name} of the model");
        }

        double raised = Math.Tanh(Math.Atanh(value) * UpperQuantile(wanted) / UpperQuantile(rate));
        return new ClusteringThreshold(
            Math.Round(raised, 4), string.Create(CultureInfo.InvariantCulture, $"{name} of the model ({value:0.###}), raised for {faces:N0} faces"));
    }

    private static double RateOf(string name) =>
        name.StartsWith(RatePrefix, StringComparison.Ordinal) && double.TryParse(name.AsSpan(RatePrefix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out double rate) ? rate : 0;

    // Abramowitz and Stegun 26.2.23: the error is below 4.5e-4.
    private static double UpperQuantile(double share)
    {
        double t = Math.Sqrt(-2 * Math.Log(share));
        return t - ((2.515517 + (0.802853 * t) + (0.010328 * t * t)) / (1 + (1.432788 * t) + (0.189269 * t * t) + (0.001308 * t * t * t)));
    }
}
