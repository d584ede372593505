using System.Text.Json.Nodes;

namespace Semblance.Laboratory.Tests.Golden;

/// <summary>MV-Softmax with the fixed factor, which the references' cases do not have.</summary>
internal static class MvSoftmaxCases
{
    private const double Scale = 12;
    private const double Margin = 0.35;

    public static IEnumerable<CaseRecipe> All => new[] { CaseShape.Default, CaseShape.Odd }.SelectMany(shape => new[]
    {
        new CaseRecipe
        {
            Loss = "mv-softmax",
            Variant = "fixed_am",
            Shape = shape,
            Paper = "Wang X. et al., 2020, AAAI, \"Mis-classified Vector Guided Softmax Loss for Face Recognition\"",
            Parameters = new JsonObject { ["scale"] = Scale, ["margin"] = Margin, ["weight"] = 0.25, ["emphasis"] = "fixed" },
            Further = [("weights", shape.Classes, shape.Dim, 1, 0)],
            Formula = inputs => Mean(inputs, (cosines, target) =>
            {
                double own = cosines[target] - Margin;
                double[] logits = [.. cosines.Select((c, j) => Scale * (j == target ? own : inputs.Switch(c - own) > 0 ? c + 0.25 : c))];
                return Naive.CrossEntropy(logits, target);
            }),
            Notes = "The margin always holds, as in the paper. Mean over the batch.",
        },
    });

    private static double Mean(NaiveInputs inputs, Func<double[], int, double> penalty) =>
        inputs.Embeddings.Select((x, i) => penalty([.. inputs.Weights.Select(w => Naive.Cosine(x, w))], inputs.Labels[i])).Average();
}
