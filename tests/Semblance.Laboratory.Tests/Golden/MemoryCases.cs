using System.Text.Json.Nodes;

namespace Semblance.Laboratory.Tests.Golden;

/// <summary>Cross-batch memory and joint objectives: losses around other losses.</summary>
internal static class MemoryCases
{
    private const double Margin = 1.25;
    private const double Weight = 0.25;

    private static readonly CaseShape[] Shapes = [CaseShape.Default, CaseShape.Odd];

    public static IEnumerable<CaseRecipe> All =>
    [
        .. Shapes.Select(shape => new CaseRecipe
        {
            Loss = "cross-batch-memory",
            Variant = "memory_not_yet",
            Shape = shape,
            Paper = "Wang et al. 2020, §3.2, before the memory takes part; Hadsell et al. 2006, eq. 4 on unit vectors",
            Parameters = new JsonObject { ["start"] = 5, ["loss"] = new JsonObject { ["name"] = "contrastive", ["margin"] = Margin } },
            Formula = Contrastive,
            Notes = "Mean over unordered pairs. What the memory adds is tested step by step in CrossBatchMemoryObjectiveTests.",
        }),
        .. Shapes.Select(shape => new CaseRecipe
        {
            Loss = "joint",
            Variant = "contrastive_and_supcon",
            Shape = shape,
            Paper = "A weighted sum: Hadsell et al. 2006, eq. 4, and Khosla et al. 2020, eq. 2",
            Parameters = new JsonObject
            {
                ["parts"] = new JsonArray(
                    new JsonObject { ["loss"] = "contrastive", ["margin"] = Margin },
                    new JsonObject { ["loss"] = "supcon", ["weight"] = Weight, ["temperature"] = 0.5 }),
            },
            Formula = inputs => Contrastive(inputs) + (Weight * SupCon(inputs, 0.5)),
            Notes = "Mean over unordered pairs; mean over anchors with a positive.",
        }),
    ];

    private static double Contrastive(NaiveInputs inputs)
    {
        double[][] x = [.. inputs.Embeddings.Select(Naive.Unit)];
        List<double> terms = [];
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = i + 1; j < x.Length; j++)
            {
                double d = Naive.Distance(x[i], x[j]);
                double excess = inputs.Labels[i] == inputs.Labels[j] ? d : Math.Max(0, inputs.Switch(Margin - d));
                terms.Add(0.5 * excess * excess);
            }
        }

        return terms.Average();
    }

    private static double SupCon(NaiveInputs inputs, double temperature)
    {
        double[][] x = [.. inputs.Embeddings.Select(Naive.Unit)];
        int[] all = [.. Enumerable.Range(0, x.Length)];
        List<double> terms = [];
        foreach (int i in all)
        {
            int[] positives = [.. all.Where(j => j != i && inputs.Labels[j] == inputs.Labels[i])];
            if (positives.Length > 0)
            {
                double others = Naive.LogSumExp(all.Where(j => j != i).Select(j => Naive.Dot(x[i], x[j]) / temperature));
                terms.Add(positives.Average(p => others - (Naive.Dot(x[i], x[p]) / temperature)));
            }
        }

        return terms.Average();
    }
}
