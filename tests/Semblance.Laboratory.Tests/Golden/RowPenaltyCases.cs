using System.Text.Json.Nodes;

namespace Semblance.Laboratory.Tests.Golden;

/// <summary>Losses against class centres that no reference covers: P2SGrad, UniFace, and MV-Softmax with the fixed factor.</summary>
internal static class RowPenaltyCases
{
    private const double Scale = 12;
    private const double Margin = 0.35;

    public static IEnumerable<CaseRecipe> All => new[] { CaseShape.Default, CaseShape.Odd }.SelectMany(shape => new[]
    {
        new CaseRecipe
        {
            Loss = "p2sgrad",
            Variant = "squares",
            Shape = shape,
            Paper = "Zhang, Zhao, Yan, Li, Wang, 2019, CVPR, \"P2SGrad: Refined Gradients for Optimizing Deep Face Models\"",
            Further = [("weights", shape.Classes, shape.Dim, 1, 0)],
            Formula = inputs => Mean(inputs, (cosines, target) => cosines.Select((c, j) => Square(c - (j == target ? 1 : 0)) / 2).Sum()),
            Notes = "The paper gives the gradient, that of half the squared distance of the cosines to the one-hot vector. Mean over the batch.",
        },
        new CaseRecipe
        {
            Loss = "uniface",
            Variant = "weighted_negatives",
            Shape = shape,
            Paper = "Zhou, Jia, Li, Shen, Duan, 2023, ICCV, \"UniFace: Unified Cross-Entropy Loss for Deep Face Recognition\"",
            Parameters = new JsonObject { ["scale"] = Scale, ["margin"] = Margin, ["negative_weight"] = 0.5 },
            Further = [("weights", shape.Classes, shape.Dim, 1, 0), ("bias", 1, 1, 0.5, 3)],
            Formula = inputs => Mean(inputs, (cosines, target) =>
            {
                double b = inputs.Further["bias"][0][0];
                return Naive.Softplus(b - (Scale * (cosines[target] - Margin)))
                    + (0.5 * cosines.Where((_, j) => j != target).Sum(c => Naive.Softplus((Scale * c) - b)));
            }),
            Notes = "bias is the threshold that all classes share. Mean over the batch.",
        },
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

    private static double Square(double x) => x * x;
}
