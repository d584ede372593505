using System.Text.Json.Nodes;

namespace Semblance.Laboratory.Tests.Golden;

/// <summary>AM-Softmax, and ElasticFace with all margins at their mean (σ = 0), since drawn ones are of the code and not of the formula.</summary>
internal static class AdditiveMarginCases
{
    private const double Margin = 0.4;
    private const double Scale = 30;

    public static IEnumerable<CaseRecipe> All => new[] { CaseShape.Default, CaseShape.Odd }.SelectMany(shape => new[]
    {
        new CaseRecipe
        {
            Loss = "am-softmax",
            Variant = "s30_m04",
            Shape = shape,
            Paper = "Wang, Cheng, Liu and Liu 2018, Additive Margin Softmax for Face Verification, eq. 6",
            Parameters = new JsonObject { ["margin"] = Margin },
            Further = [("weights", shape.Classes, shape.Dim, 1, 0)],
            Formula = inputs => Loss(inputs, cosine => cosine - Margin),
        },
        new CaseRecipe
        {
            Loss = "elasticface",
            Variant = "arc_mean",
            Shape = shape,
            Paper = "Boutros et al. 2022, ElasticFace, eq. 5, with a deviation of 0",
            Parameters = new JsonObject { ["scale"] = Scale, ["margin"] = Margin, ["deviation"] = 0 },
            Further = [("weights", shape.Classes, shape.Dim, 1, 0)],
            Formula = inputs => Loss(inputs, cosine => Math.Cos(Math.Acos(cosine) + Margin)),
        },
        new CaseRecipe
        {
            Loss = "elasticface",
            Variant = "cos_mean",
            Shape = shape,
            Paper = "Boutros et al. 2022, ElasticFace, eq. 6, with a deviation of 0",
            Parameters = new JsonObject { ["kind"] = "cos", ["scale"] = Scale, ["margin"] = Margin, ["deviation"] = 0, ["order"] = "cosine" },
            Further = [("weights", shape.Classes, shape.Dim, 1, 0)],
            Formula = inputs => Loss(inputs, cosine => cosine - Margin),
        },
    });

    private static double Loss(NaiveInputs inputs, Func<double, double> curve)
    {
        double sum = 0;
        for (int i = 0; i < inputs.Embeddings.Length; i++)
        {
            double[] logits = [.. inputs.Weights.Select(w => Naive.Cosine(inputs.Embeddings[i], w))];
            int own = inputs.Labels[i];
            logits[own] = curve(logits[own]);
            sum += Naive.CrossEntropy([.. logits.Select(l => Scale * l)], own);
        }

        return sum / inputs.Embeddings.Length;
    }
}
