using System.Text.Json.Nodes;

namespace Semblance.Laboratory.Tests.Golden;

/// <summary>Contrastive loss with the options that the references' cases do not have: a margin for positives with the half-squared penalty, and the sum.</summary>
internal static class ContrastiveCases
{
    private const double Margin = 4;
    private const double PositiveMargin = 0.5;

    public static IEnumerable<CaseRecipe> All => new[] { CaseShape.Default, CaseShape.Odd }.Select(shape => new CaseRecipe
    {
        Loss = "contrastive",
        Variant = "positive_margin_sum",
        Shape = shape,
        Paper = "Hadsell, Chopra and LeCun 2006, eq. 4, with a margin for positives too",
        Parameters = new JsonObject
        {
            ["margin"] = Margin, ["positive_margin"] = PositiveMargin, ["normalise"] = false, ["reduction"] = "sum",
        },
        Formula = Loss,
        Notes = "Sum over unordered pairs.",
    });

    private static double Loss(NaiveInputs inputs)
    {
        double sum = 0;
        for (int i = 0; i < inputs.Embeddings.Length; i++)
        {
            for (int j = i + 1; j < inputs.Embeddings.Length; j++)
            {
                double d = Naive.Distance(inputs.Embeddings[i], inputs.Embeddings[j]);
                double excess = inputs.Switch(inputs.Labels[i] == inputs.Labels[j] ? d - PositiveMargin : Margin - d);
                sum += excess > 0 ? 0.5 * excess * excess : 0;
            }
        }

        return sum;
    }
}
