using Semblance.Evaluation.Clustering;
using Semblance.Evaluation.Protocols;
using Semblance.Evaluation.Retrieval;
using Semblance.Evaluation.Verification;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>Figures of protocols of evaluation, always in double.</summary>
internal static class MetricsBinding
{
    private const int Folds = 10;

    /// <summary>Each photo searched among all others, and the agreement of given clusters with the labels.</summary>
    public static CaseBinding Retrieval(CaseFile file, ScalarType dtype)
    {
        double[][] embeddings = [.. file.Fields.Reals("embeddings").Chunk((int)(file.Fields.Reals("embeddings").LongLength / file.Batch))];
        int[] labels = [.. file.Fields.Integers("labels").Select(l => (int)l)];
        IReadOnlyList<string> ks = file.Expected.Section("recall_at_k").Names;
        RetrievalReport report = RetrievalMetrics.Evaluate(embeddings, labels, [.. ks.Select(k => int.Parse(k, System.Globalization.CultureInfo.InvariantCulture))]);
        var clusters = new ClusterAgreement(labels, [.. file.Inputs.Integers("cluster_labels").Select(c => (int)c)]);
        CaseBinding binding = CaseBinding.WithoutLoss(file, dtype);
        foreach ((string k, int at) in ks.Zip(report.RecallAt.Keys))
        {
            Near(file.Expected.Section("recall_at_k"), k, report.RecallAt[at]);
            Near(file.Expected.Section("recall_at_k_counting_lone_queries_as_misses"), k, report.RecallCountingLone(at));
        }

        Near(file.Expected, "num_queries_used", report.Queries);
        Near(file.Expected, "precision_at_1", report.RecallAt[1]);
        Near(file.Expected, "mean_average_precision_at_r", report.MapAtR);
        Near(file.Expected, "r_precision", report.RPrecision);
        Near(file.Expected, "mean_average_precision", report.MeanAveragePrecision);
        Near(file.Expected, "mean_reciprocal_rank", report.MeanReciprocalRank);
        Near(file.Expected, "nmi_arithmetic", clusters.Normalised());
        Near(file.Expected, "nmi_geometric", clusters.Normalised(InformationMean.Geometric));
        Near(file.Expected, "nmi_max", clusters.Normalised(InformationMean.Maximum));
        Near(file.Expected, "ami_arithmetic", clusters.Adjusted());
        Near(file.Expected, "ami_max", clusters.Adjusted(InformationMean.Maximum));
        return binding;

        void Near(CaseFields expected, string name, double actual) =>
            binding.Compare(_ => new CaseExtra(name, [actual], expected.Reals(name), Exact: false));
    }

    /// <summary>Error rates over scored pairs, and the accuracy over ten folds under three rules for the threshold.</summary>
    public static CaseBinding Verification(CaseFile file, ScalarType dtype)
    {
        double[] scores = file.Inputs.Reals("scores");
        bool[] same = [.. file.Inputs.Integers("labels_same").Select(l => l == 1)];
        ComparisonScores set = ComparisonScores.Create(scores, same);
        EqualErrorRate eer = VerificationMetrics.Eer(set);
        CaseBinding binding = CaseBinding.WithoutLoss(file, dtype);
        Exact("num_positive", set.Genuine);
        Exact("num_negative", set.Impostor);
        Near(file.Expected, "roc_auc", VerificationMetrics.Auc(set));
        Near(file.Expected, "eer_interpolated", eer.Rate);
        Near(file.Expected, "eer_nearest_point", eer.NearestRate);
        Near(file.Expected, "eer_nearest_point_far", eer.Far);
        Near(file.Expected, "eer_nearest_point_frr", eer.Frr);
        Near(file.Expected, "eer_nearest_point_threshold", eer.Threshold);
        foreach (CaseFields row in file.Expected.Sections("tar_at_far"))
        {
            OperatingPoint point = VerificationMetrics.TarAtFar(set, row.Real("far_target"));
            Near(row, "tar_step", point.Tar);
            Near(row, "threshold_step", point.Threshold ?? double.PositiveInfinity);
            Near(row, "far_achieved", point.FarAchieved);
        }

        TenFolds("lfw10_exhaustive", new BestScoreRule(), "fold_threshold_on_score");
        TenFolds("lfw10_insightface", new DistanceGridRule(), "fold_threshold_on_squared_distance");
        TenFolds("lfw10_facexzoo", new YoudenGridRule(), "fold_threshold_on_score");
        return binding;

        void Exact(string name, double actual) => binding.Compare(_ => new CaseExtra(name, [actual], file.Expected.Reals(name), Exact: true));

        void Near(CaseFields expected, string name, params double[] actual) =>
            binding.Compare(_ => new CaseExtra(name, actual, expected.Reals(name), Exact: false));

        void TenFolds(string protocol, IThresholdRule rule, string thresholds)
        {
            if (file.Expected.Has(protocol))
            {
                CaseFields expected = file.Expected.Section(protocol);
                // The folds are blocks of the file's order.
                int[] folds = [.. Enumerable.Range(0, scores.Length).Select(i => (i * Folds / scores.Length) + 1)];
                CrossValidation result = TenFold.Evaluate(scores, same, folds, rule);
                Near(expected, "mean", result.Mean);
                Near(expected, "standard_error_ddof1", result.StandardError ?? double.PositiveInfinity);
                Near(expected, "fold_accuracy", [.. result.Folds.Select(f => f.Accuracy)]);
                Near(expected, thresholds, [.. result.Folds.Select(f => f.Threshold)]);
            }
        }
    }
}
