using System.Text.Json.Nodes;

namespace Semblance.Laboratory.Tests.Golden;

/// <summary>Ring loss around a given radius.</summary>
internal static class RingCases
{
    private const double Radius = 2.5;

    public static IEnumerable<CaseRecipe> All => new[] { CaseShape.Default, CaseShape.Odd }.Select(shape => new CaseRecipe
    {
        Loss = "ring-penalty",
        Variant = "radius25",
        Shape = shape,
        Paper = "Zheng, Pal and Savvides 2018, Ring loss, eq. 2",
        Parameters = new JsonObject { ["radius"] = Radius },
        Formula = inputs => inputs.Embeddings.Average(x => (Naive.Norm(x) - Radius) * (Naive.Norm(x) - Radius) / 2),
    });
}
