using System.Text.Json;
using System.Text.Json.Serialization;
using Semblance.Data;
using Semblance.Evaluation.Protocols;

namespace Semblance.Evaluation.Verification;

/// <summary>The figures of a verification experiment. As JSON its names are stable: they are what `--json` prints.</summary>
public sealed record VerificationReport
{
    /// <summary>The false accept rates at which TAR is reported.</summary>
    public static IReadOnlyList<double> DefaultFarTargets { get; } = [1e-1, 1e-2, 1e-3, 1e-4];

    /// <summary>Mean over the folds of the share of rightly decided pairs, in [0, 1].</summary>
    [JsonPropertyName("accuracy")]
    public required double Accuracy { get; init; }

    /// <summary>Sample standard deviation of the folds' accuracies (ddof 1) / √folds; null with one fold.</summary>
    [JsonPropertyName("accuracy_standard_error")]
    public required double? AccuracyStandardError { get; init; }

    /// <summary>True where one fold alone was evaluated: its threshold was chosen on itself, so the accuracy is an upper bound.</summary>
    [JsonPropertyName("accuracy_optimistic")]
    public required bool AccuracyOptimistic { get; init; }

    /// <summary>Area under the ROC curve, in [0, 1].</summary>
    [JsonPropertyName("auc")]
    public required double Auc { get; init; }

    /// <summary>Equal error rate, interpolated, in [0, 1].</summary>
    [JsonPropertyName("eer")]
    public required double Eer { get; init; }

    /// <summary>The cosine at which FAR and FRR are nearest.</summary>
    [JsonPropertyName("eer_threshold")]
    public required double EerThreshold { get; init; }

    /// <summary>
    /// The cosine that decides most pairs rightly over all folds together: what a deployment on like data would use. The accuracy above does
    /// not use it; see <see cref="Folds"/> for the thresholds that do.
    /// </summary>
    [JsonPropertyName("threshold")]
    public required double Threshold { get; init; }

    /// <summary>TAR@FAR, keyed by the rate ("1e-3"), highest rate first.</summary>
    [JsonPropertyName("tar_at_far")]
    public required IReadOnlyDictionary<string, OperatingPoint> TarAtFar { get; init; }

    /// <summary>Accuracy and threshold of each fold.</summary>
    [JsonPropertyName("folds")]
    public required IReadOnlyList<FoldResult> Folds { get; init; }

    /// <summary>Number of pairs.</summary>
    [JsonPropertyName("pairs")]
    public required int Pairs { get; init; }

    /// <summary>Number of pairs of one person.</summary>
    [JsonPropertyName("genuine_pairs")]
    public required int GenuinePairs { get; init; }

    /// <summary>Number of pairs of two people.</summary>
    [JsonPropertyName("impostor_pairs")]
    public required int ImpostorPairs { get; init; }

    /// <summary>Number of distinct images embedded.</summary>
    [JsonPropertyName("images")]
    public int Images { get; init; }

    /// <summary>Whether each embedding is that of the image plus that of its mirror image.</summary>
    [JsonPropertyName("flip")]
    public bool Flip { get; init; }

    /// <summary>Wall time of decoding and embedding, in seconds.</summary>
    [JsonPropertyName("seconds")]
    public double Seconds { get; init; }

    /// <summary>Images / seconds.</summary>
    [JsonPropertyName("images_per_second")]
    public double ImagesPerSecond { get; init; }

    /// <summary>Photographs that show no usable face; their comparisons count as no match. Empty where the dataset holds crops.</summary>
    [JsonPropertyName("failures_to_acquire")]
    public IReadOnlyList<UnreadableImage> FailuresToAcquire { get; init; } = [];

    /// <summary>The comparisons behind the figures, in file order; not part of the JSON.</summary>
    [JsonIgnore]
    public IReadOnlyList<ScoredPair> ScoredPairs { get; init; } = [];

    /// <summary>Computes all figures from scored pairs.</summary>
    /// <param name="pairs">The comparisons; both kinds needed.</param>
    /// <param name="farTargets">The rates of TAR@FAR; <see cref="DefaultFarTargets"/> where null.</param>
    /// <exception cref="SemblanceException">There are no pairs, all are of one kind, or scores are NaN.</exception>
    public static VerificationReport FromScores(IReadOnlyList<ScoredPair> pairs, IReadOnlyList<double>? farTargets = null)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        double[] scores = [.. pairs.Select(p => p.Score)];
        bool[] same = [.. pairs.Select(p => p.Same)];
        int[] folds = [.. pairs.Select(p => p.Fold)];
        ComparisonScores set = ComparisonScores.Create(scores, same);
        EqualErrorRate eer = VerificationMetrics.Eer(set);
        CrossValidation accuracy = TenFold.Evaluate(scores, same, folds);
        var tarAtFar = new OrderedDictionary<string, OperatingPoint>();
        foreach (double far in (farTargets ?? DefaultFarTargets).OrderDescending())
        {
            tarAtFar[FarKey(far)] = VerificationMetrics.TarAtFar(set, far);
        }

        return new VerificationReport
        {
            Accuracy = accuracy.Mean,
            AccuracyStandardError = accuracy.StandardError,
            AccuracyOptimistic = accuracy.Optimistic,
            Auc = VerificationMetrics.Auc(set),
            Eer = eer.Rate,
            EerThreshold = eer.Threshold,
            Threshold = VerificationMetrics.BestAccuracy(set).Threshold,
            TarAtFar = tarAtFar,
            Folds = accuracy.Folds,
            Pairs = set.Count,
            GenuinePairs = set.Genuine,
            ImpostorPairs = set.Impostor,
            ScoredPairs = pairs,
        };
    }

    /// <summary>The figures as indented JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, EvaluationJson.Default.VerificationReport);

    /// <summary>A rate as a short key: 0.001 is "1e-3", 0.05 is "5e-2".</summary>
    /// <param name="far">A rate in (0, 1].</param>
    public static string FarKey(double far)
    {
        string[] parts = far.ToString("0.####e-0", System.Globalization.CultureInfo.InvariantCulture).Split('e');
        return parts[1] == "0" ? parts[0] : $"{parts[0]}e{parts[1]}";
    }
}
