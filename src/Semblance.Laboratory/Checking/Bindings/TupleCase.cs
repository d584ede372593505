namespace Semblance.Laboratory.Checking.Bindings;

/// <summary>What the cases over pairs and triplets have in common.</summary>
internal static class TupleCase
{
    /// <summary>The distance as the registry names it.</summary>
    public static string Distance(CaseFile file) => file.Hyper.Choice(
        "distance",
        ("squared euclidean", "squared"),
        ("LpDistance(p=2, power=2)", "squared"),
        ("euclidean", "euclidean"),
        ("euclidean (non-squared)", "euclidean"),
        ("LpDistance(p=2, power=1)", "euclidean"),
        ("cosine similarity", "cosine"));

    /// <summary>The parameters for the distance.</summary>
    public static (string Key, object? Value)[] DistanceParameters(CaseFile file) =>
        [("distance", Distance(file)), ("normalise", file.Hyper.Flag("normalize_embeddings"))];

    /// <summary>How the penalties become one number, as the registry names it.</summary>
    public static string Reduction(CaseFile file) => file.Hyper.Choice(
        "reduction",
        ("sum / number of triplets with loss > 0 (0 if none)", "mean-active"),
        ("sum / number of triplets with loss > 0", "mean-active"),
        ("mean over all valid triplets (0 if none)", "mean-all"),
        ("mean over mined triplets", "mean-all"),
        ("mean over used anchors", "mean-all"),
        ("sum / number of ordered positive pairs (inactive ones count)", "mean-all"));

    /// <summary>Compares the counts that a case may have.</summary>
    public static CaseBinding Counts(CaseBinding binding) => binding
        .Count("num_triplets", value => value.Figures["tuples"])
        .Count("num_active", value => value.Figures["active_tuples"]);
}
