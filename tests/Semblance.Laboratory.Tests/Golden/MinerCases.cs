using System.Text.Json.Nodes;

namespace Semblance.Laboratory.Tests.Golden;

/// <summary>Miners without cases among the references': those that take what the sampler laid out, and random negatives where there is no choice.</summary>
internal static class MinerCases
{
    private const double Margin = 1.25;

    public static IEnumerable<CaseRecipe> All =>
    [
        .. new[] { CaseShape.Default, CaseShape.Odd }.Select(shape => new CaseRecipe
        {
            Loss = "contrastive",
            Variant = "consecutive_pairs",
            Shape = shape,
            Paper = "Sun, Chen, Wang and Tang 2014, §2: pairs as they were sampled; Hadsell, Chopra and LeCun 2006, eq. 4",
            Parameters = new JsonObject { ["margin"] = Margin, ["normalise"] = true, ["miner"] = "consecutive-pairs", ["reduction"] = "sum" },
            Formula = Pairs,
            Notes = "Rows 2i and 2i + 1 are a pair, of one person or of two. Sum over pairs.",
        }),
        new CaseRecipe
        {
            Loss = "triplet",
            Variant = "consecutive_triplets",
            Shape = new CaseShape("default", 8, 3, 3, 3, 3),
            Paper = "Schroff, Kalenichenko and Philbin 2015, §3.2, triplets chosen offline, with log(1 + exp(h)) of Hermans et al. 2017",
            Parameters = new JsonObject { ["soft_margin"] = true, ["miner"] = "consecutive-triplets", ["reduction"] = "mean-all" },
            Edge = inputs => ((int[])[0, 0, 1, 2, 2, 3, 1, 1, 0, 3, 3, 2]).CopyTo(inputs.Labels, 0),
            Formula = inputs => Triplets(inputs, Enumerable.Range(0, 4).Select(i => (3 * i, (3 * i) + 1, (3 * i) + 2))),
            Notes = "Rows 3i, 3i + 1 and 3i + 2 are anchor, positive and negative. Mean over triplets.",
        },
        new CaseRecipe
        {
            Loss = "triplet",
            Variant = "random_negatives",
            Shape = new CaseShape("edge_one_negative", 6, 3, 1),
            Paper = "Schroff, Kalenichenko and Philbin 2015, §3.2, with log(1 + exp(h)) of Hermans et al. 2017",
            Parameters = new JsonObject { ["soft_margin"] = true, ["miner"] = "random", ["reduction"] = "mean-all" },
            Edge = inputs => ((int[])[0, 0, 1, 0]).CopyTo(inputs.Labels, 0),
            Formula = inputs => Triplets(inputs, [(0, 1, 2), (0, 3, 2), (1, 0, 2), (1, 3, 2), (3, 0, 2), (3, 1, 2)]),
            Notes = "Each of the six ordered positive pairs has a single negative to choose from. How negatives are spread where there are several is tested in RandomMinerTests.",
        },
    ];

    private static double Pairs(NaiveInputs inputs)
    {
        double[][] x = [.. inputs.Embeddings.Select(Naive.Unit)];
        double sum = 0;
        for (int i = 0; i + 1 < x.Length; i += 2)
        {
            double d = Naive.Distance(x[i], x[i + 1]);
            double excess = inputs.Labels[i] == inputs.Labels[i + 1] ? d : Math.Max(0, inputs.Switch(Margin - d));
            sum += 0.5 * excess * excess;
        }

        return sum;
    }

    private static double Triplets(NaiveInputs inputs, IEnumerable<(int Anchor, int Positive, int Negative)> triplets)
    {
        double[][] x = [.. inputs.Embeddings.Select(Naive.Unit)];
        return triplets.Average(t => Naive.Softplus(Naive.SquaredDistance(x[t.Anchor], x[t.Positive]) - Naive.SquaredDistance(x[t.Anchor], x[t.Negative])));
    }
}
