using System.Text.Json;
using Semblance.Evaluation.Protocols;
using Semblance.Evaluation.Verification;

namespace Semblance.Evaluation.Tests.Verification;

public class GoldenVerificationTests
{
    private const double Tolerance = 1e-9;

    public static TheoryData<string> Cases => ["balanced", "ties", "unbalanced"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Error_rates_agree_with_the_reference(string name)
    {
        (double[] scores, bool[] same, JsonElement expected) = Load(name);
        ComparisonScores set = ComparisonScores.Create(scores, same);
        Assert.Equal(expected.GetProperty("num_positive").GetInt32(), set.Genuine);
        Assert.Equal(expected.GetProperty("num_negative").GetInt32(), set.Impostor);
        Near(expected, "roc_auc", VerificationMetrics.Auc(set));
        EqualErrorRate eer = VerificationMetrics.Eer(set);
        Near(expected, "eer_interpolated", eer.Rate);
        Near(expected, "eer_nearest_point", eer.NearestRate);
        Near(expected, "eer_nearest_point_far", eer.Far);
        Near(expected, "eer_nearest_point_frr", eer.Frr);
        Near(expected, "eer_nearest_point_threshold", eer.Threshold);
        foreach (JsonElement row in expected.GetProperty("tar_at_far").EnumerateArray())
        {
            OperatingPoint point = VerificationMetrics.TarAtFar(set, row.GetProperty("far_target").GetDouble());
            Near(row, "tar_step", point.Tar);
            Near(row, "threshold_step", point.Threshold!.Value);
            Near(row, "far_achieved", point.FarAchieved);
        }
    }

    [Theory]
    [InlineData("balanced", "lfw10_exhaustive", "fold_threshold_on_score")]
    [InlineData("balanced", "lfw10_insightface", "fold_threshold_on_squared_distance")]
    [InlineData("balanced", "lfw10_facexzoo", "fold_threshold_on_score")]
    [InlineData("unbalanced", "lfw10_exhaustive", "fold_threshold_on_score")]
    [InlineData("unbalanced", "lfw10_insightface", "fold_threshold_on_squared_distance")]
    [InlineData("unbalanced", "lfw10_facexzoo", "fold_threshold_on_score")]
    public void Ten_folds_agree_with_the_reference(string name, string protocol, string thresholds)
    {
        (double[] scores, bool[] same, JsonElement expected) = Load(name);
        JsonElement reference = expected.GetProperty(protocol);
        IThresholdRule rule = protocol switch
        {
            "lfw10_insightface" => new DistanceGridRule(),
            "lfw10_facexzoo" => new YoudenGridRule(),
            _ => new BestScoreRule(),
        };
        int[] folds = [.. Enumerable.Range(0, scores.Length).Select(i => (i / 200) + 1)];
        CrossValidation result = TenFold.Evaluate(scores, same, folds, rule);
        Near(reference, "mean", result.Mean);
        Near(reference, "standard_error_ddof1", result.StandardError!.Value);
        Assert.Equal(Enumerable.Range(1, 10), result.Folds.Select(f => f.Fold));
        for (int f = 0; f < 10; f++)
        {
            Assert.Equal(reference.GetProperty("fold_accuracy")[f].GetDouble(), result.Folds[f].Accuracy, Tolerance);
            Assert.Equal(reference.GetProperty(thresholds)[f].GetDouble(), result.Folds[f].Threshold, Tolerance);
        }
    }

    private static void Near(JsonElement parent, string key, double actual) => Assert.Equal(parent.GetProperty(key).GetDouble(), actual, Tolerance);

    private static (double[] Scores, bool[] Same, JsonElement Expected) Load(string name)
    {
        string path = SharedFiles.FindOrSkip($"golden/metrics/verification__{name}.json");
        JsonElement root = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
        JsonElement inputs = root.GetProperty("inputs");
        return (
            [.. inputs.GetProperty("scores").EnumerateArray().Select(s => s.GetDouble())],
            [.. inputs.GetProperty("labels_same").EnumerateArray().Select(s => s.GetInt32() == 1)],
            root.GetProperty("expected"));
    }
}
