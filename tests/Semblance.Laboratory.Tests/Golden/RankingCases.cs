using System.Text.Json.Nodes;

namespace Semblance.Laboratory.Tests.Golden;

/// <summary>Losses over whole lists that the references' cases do not have: angular, FastAP, ranked list.</summary>
internal static class RankingCases
{
    private const double Angle = 45;
    private const int Bins = 10;
    private const double Boundary = 1.2;
    private const double Margin = 0.4;
    private const double Temperature = 10;
    private const double Balance = 0.5;

    private static readonly CaseShape[] Shapes = [CaseShape.Default, CaseShape.Odd];

    public static IEnumerable<CaseRecipe> All =>
    [
        .. Shapes.Select(shape => new CaseRecipe
        {
            Loss = "angular",
            Variant = "all_pairs",
            Shape = shape,
            Paper = "Wang et al. 2017, eq. 7 and 8",
            Parameters = new JsonObject { ["angle"] = Angle },
            Formula = Angular,
            Notes = "Mean over ordered positive pairs; embeddings of unit length.",
        }),
        .. Shapes.Select(shape => new CaseRecipe
        {
            Loss = "fastap",
            Variant = "bins10",
            Shape = shape,
            Paper = "Cakir et al. 2019, eq. 6 and 11",
            Parameters = new JsonObject { ["bins"] = Bins },
            Formula = FastAp,
            Notes = "Mean over photos that have another of their class.",
        }),
        .. Shapes.Select(shape => new CaseRecipe
        {
            Loss = "ranked-list",
            Variant = "paper",
            Shape = shape,
            Paper = "Wang et al. 2019, eq. 3 to 8",
            Parameters = new JsonObject { ["boundary"] = Boundary, ["margin"] = Margin, ["temperature"] = Temperature, ["balance"] = Balance },
            Formula = RankedList,
            Notes = "The weights of negatives are constants of the gradient; mean over the batch.",
        }),
    ];

    private static double Angular(NaiveInputs inputs)
    {
        double[][] x = [.. inputs.Embeddings.Select(Naive.Unit)];
        double t = Math.Pow(Math.Tan(Angle * Math.PI / 180), 2);
        List<double> terms = [];
        foreach ((int a, int p) in Positives(inputs))
        {
            double sum = 1;
            for (int n = 0; n < x.Length; n++)
            {
                if (inputs.Labels[n] != inputs.Labels[a])
                {
                    sum += Math.Exp((4 * t * (Naive.Dot(x[a], x[n]) + Naive.Dot(x[p], x[n]))) - (2 * (1 + t) * Naive.Dot(x[a], x[p])));
                }
            }

            terms.Add(Math.Log(sum));
        }

        return terms.Average();
    }

    private static double FastAp(NaiveInputs inputs)
    {
        double[][] x = [.. inputs.Embeddings.Select(Naive.Unit)];
        const double Width = 4.0 / Bins;
        List<double> terms = [];
        for (int a = 0; a < x.Length; a++)
        {
            int positives = inputs.Labels.Count(y => y == inputs.Labels[a]) - 1;
            if (positives == 0)
            {
                continue;
            }

            double[] own = new double[Bins + 1];
            double[] all = new double[Bins + 1];
            for (int b = 0; b < x.Length; b++)
            {
                if (b == a)
                {
                    continue;
                }

                double at = Naive.SquaredDistance(x[a], x[b]) / Width;
                int below = (int)at;
                inputs.Switch(at - Math.Round(at));
                foreach ((int bin, double share) in new[] { (below, below + 1 - at), (below + 1, at - below) })
                {
                    all[bin] += share;
                    own[bin] += inputs.Labels[b] == inputs.Labels[a] ? share : 0;
                }
            }

            double precision = 0;
            for (int bin = 0; bin <= Bins; bin++)
            {
                double upTo = all.Take(bin + 1).Sum();
                precision += upTo > 0 ? own[bin] * own.Take(bin + 1).Sum() / upTo : 0;
            }

            terms.Add(1 - (precision / positives));
        }

        return terms.Average();
    }

    private static double RankedList(NaiveInputs inputs)
    {
        double[][] x = [.. inputs.Embeddings.Select(Naive.Unit)];
        double sum = 0;
        for (int a = 0; a < x.Length; a++)
        {
            List<double> near = [];
            double weighted = 0;
            double weights = 0;
            for (int b = 0; b < x.Length; b++)
            {
                double d = b == a ? 0 : Naive.Distance(x[a], x[b]);
                if (b != a && inputs.Labels[b] == inputs.Labels[a] && inputs.Switch(d - (Boundary - Margin)) > 0)
                {
                    near.Add(d - (Boundary - Margin));
                }
                else if (inputs.Labels[b] != inputs.Labels[a] && inputs.Switch(Boundary - d) > 0)
                {
                    double weight = inputs.Detached($"{a},{b}", Math.Exp(Temperature * (Boundary - d)));
                    weighted += weight * (Boundary - d);
                    weights += weight;
                }
            }

            sum += ((1 - Balance) * (near.Count > 0 ? near.Average() : 0)) + (Balance * (weights > 0 ? weighted / weights : 0));
        }

        return sum / x.Length;
    }

    private static IEnumerable<(int A, int P)> Positives(NaiveInputs inputs) =>
        from a in Enumerable.Range(0, inputs.Labels.Length)
        from p in Enumerable.Range(0, inputs.Labels.Length)
        where a != p && inputs.Labels[a] == inputs.Labels[p]
        select (a, p);
}
