using System.Text.Json.Nodes;

namespace Semblance.Laboratory.Tests.Golden;

/// <summary>Classifiers with a regulariser of their centres: RegularFace beside CosFace, centre invariance beside softmax.</summary>
internal static class CentreRegulariserCases
{
    private const double Strength = 0.7;

    public static IEnumerable<CaseRecipe> All => new[] { CaseShape.Default, CaseShape.Odd }.SelectMany(shape => new[]
    {
        new CaseRecipe
        {
            Loss = "regularface",
            Variant = "cosface",
            Shape = shape,
            Paper = "Zhao, Xu and Cheng 2019, RegularFace, the exclusive loss",
            Parameters = new JsonObject { ["classifier"] = new JsonObject { ["name"] = "cosface", ["scale"] = 20, ["margin"] = 0.3 }, ["strength"] = Strength },
            Further = [("weights", shape.Classes, shape.Dim, 1, 0)],
            Formula = inputs => CosFace(inputs) + (Strength * NearestOther(inputs)),
        },
        new CaseRecipe
        {
            Loss = "center-invariant",
            Variant = "softmax",
            Shape = shape,
            Paper = "Wu, Liu, Li and Fu 2017, Deep Face Recognition with Center Invariant Loss",
            Parameters = new JsonObject { ["strength"] = Strength },
            Further = [("weights", shape.Classes, shape.Dim, 0.5, 0), ("bias", shape.Classes, 1, 0.3, 0)],
            Formula = inputs => Softmax(inputs) + (Strength * Invariance(inputs)),
        },
    });

    private static double CosFace(NaiveInputs inputs) => Enumerable.Range(0, inputs.Embeddings.Length).Average(i =>
    {
        int own = inputs.Labels[i];
        double[] logits = [.. inputs.Weights.Select((w, c) => 20 * (Naive.Cosine(inputs.Embeddings[i], w) - (c == own ? 0.3 : 0)))];
        return Naive.CrossEntropy(logits, own);
    });

    private static double Softmax(NaiveInputs inputs) => Enumerable.Range(0, inputs.Embeddings.Length).Average(i => Naive.CrossEntropy(
        [.. inputs.Weights.Select((w, c) => Naive.Dot(inputs.Embeddings[i], w) + inputs.Further["bias"][c][0])], inputs.Labels[i]));

    private static double NearestOther(NaiveInputs inputs) => Enumerable.Range(0, inputs.Classes).Average(i =>
    {
        double[] others = [.. Enumerable.Range(0, inputs.Classes).Where(j => j != i).Select(j => Naive.Cosine(inputs.Weights[i], inputs.Weights[j])).OrderDescending()];
        inputs.Switch(others[0] - others[1]);
        return others[0];
    });

    private static double Invariance(NaiveInputs inputs)
    {
        double mean = inputs.Weights.Average(w => Naive.Dot(w, w));
        return inputs.Labels.Average(y =>
        {
            double off = Naive.Dot(inputs.Weights[y], inputs.Weights[y]) - mean;
            return off * off / 4;
        });
    }
}
