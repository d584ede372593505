using System.Text.Json.Nodes;

namespace Semblance.Laboratory.Tests.Golden;

/// <summary>Losses over class centres that ask each class on its own instead of a softmax over all: P2SGrad and UniFace.</summary>
internal static class ClasswisePenaltyCases
{
    private static readonly CaseShape[] Shapes = [CaseShape.Default, CaseShape.Odd];

    public static IEnumerable<CaseRecipe> All => Shapes.SelectMany(shape => (CaseRecipe[])
    [
        new CaseRecipe
        {
            Loss = "p2sgrad",
            Variant = "paper",
            Shape = shape,
            Paper = "Zhang et al. 2019, P2SGrad, eq. 11: the gradient; the value is the one that it is the gradient of",
            Further = [Weights(shape)],
            Formula = P2SGrad,
            Notes = "Mean over the batch of half the sum over classes of (cos - [own class])^2.",
        },
        UniFace(shape, "scale16", 16, 0.2, 1),
        UniFace(shape, "scale64_weight03", 64, 0.4, 0.3),
    ]);

    private static CaseRecipe UniFace(CaseShape shape, string variant, double scale, double margin, double weight) => new()
    {
        Loss = "uniface",
        Variant = variant,
        Shape = shape,
        Paper = "Zhou et al. 2023, UniFace: one threshold for all classes",
        Parameters = new JsonObject { ["scale"] = scale, ["margin"] = margin, ["negative_weight"] = weight },
        // The threshold is a single number.
        Further = [Weights(shape), ("bias", 1, 1, 0.5, 3)],
        Formula = inputs => Mean(inputs, (cosines, own) =>
        {
            double threshold = inputs.Further["bias"][0][0];
            double sum = Naive.Softplus(threshold - (scale * (cosines[own] - margin)));
            for (int c = 0; c < cosines.Length; c++)
            {
                sum += c == own ? 0 : weight * Naive.Softplus((scale * cosines[c]) - threshold);
            }

            return sum;
        }),
        Notes = "bias is the threshold b that all classes share. Mean over the batch.",
    };

    private static double P2SGrad(NaiveInputs inputs) => Mean(inputs, (cosines, own) =>
    {
        double sum = 0;
        for (int c = 0; c < cosines.Length; c++)
        {
            double error = cosines[c] - (c == own ? 1 : 0);
            sum += error * error / 2;
        }

        return sum;
    });

    private static double Mean(NaiveInputs inputs, Func<double[], int, double> ofSample)
    {
        double sum = 0;
        for (int i = 0; i < inputs.Labels.Length; i++)
        {
            sum += ofSample([.. inputs.Weights.Select(w => Naive.Cosine(inputs.Embeddings[i], w))], inputs.Labels[i]);
        }

        return sum / inputs.Labels.Length;
    }

    private static (string Name, int Rows, int Columns, double Deviation, double Mean) Weights(CaseShape shape) => ("weights", shape.Classes, shape.Dim, 1, 0);
}
