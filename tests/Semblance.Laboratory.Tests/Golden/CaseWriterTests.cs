using System.Text.Json.Nodes;

namespace Semblance.Laboratory.Tests.Golden;

public sealed class CaseWriterTests
{
    [Fact]
    public void GradientsAreThoseOfTheFormula()
    {
        JsonObject made = CaseWriter.Make(Recipe(inputs => inputs.Embeddings.Sum(row => Math.Exp(row[0]) + (row[1] * row[1] * row[1]))));

        JsonArray embeddings = made["embeddings"]!.AsArray();
        JsonArray gradients = made["expected"]!["grad_embeddings"]!.AsArray();
        foreach ((JsonNode? row, JsonNode? slopes) in embeddings.Zip(gradients))
        {
            Assert.Equal(Math.Exp(row![0]!.GetValue<double>()), slopes![0]!.GetValue<double>(), 1e-10);
            Assert.Equal(3 * Math.Pow(row[1]!.GetValue<double>(), 2), slopes[1]!.GetValue<double>(), 1e-10);
        }
    }

    [Fact]
    public void InputsAreExactInFloat32()
    {
        JsonObject made = CaseWriter.Make(Recipe(inputs => inputs.Embeddings[0][0]));

        foreach (JsonNode? value in made["embeddings"]!.AsArray().SelectMany(row => row!.AsArray()))
        {
            Assert.Equal(0, value!.GetValue<double>() * 1024 % 1);
        }
    }

    [Fact]
    public void ADetachedNumberIsAConstantToTheGradient()
    {
        JsonObject made = CaseWriter.Make(Recipe(inputs => inputs.Detached("c", inputs.Embeddings[0][0]) * inputs.Embeddings[0][0]));

        Assert.Equal(made["embeddings"]![0]![0]!.GetValue<double>(), made["expected"]!["grad_embeddings"]![0]![0]!.GetValue<double>(), 1e-10);
    }

    [Fact]
    public void ASeedNearASwitchIsPassedOver()
    {
        // The smallest entry is to lie above 1/2: few seeds give it, and those that do are found.
        JsonObject made = CaseWriter.Make(Recipe(inputs =>
        {
            inputs.Switch(Math.Abs(inputs.Embeddings[0][0]) < 0.5 ? 0 : 1);
            return inputs.Embeddings[0][0];
        }));

        Assert.InRange(Math.Abs(made["embeddings"]![0]![0]!.GetValue<double>()), 0.5, double.MaxValue);
    }

    [Fact]
    public void AFormulaWhoseSwitchIsNotToldIsRefused()
    {
        CaseRecipe recipe = Recipe(inputs => Math.Sqrt(Math.Abs(inputs.Embeddings[0][0]))) with { Edge = inputs => inputs.Embeddings[0][0] = 0.25 / 1024 };

        Assert.Throws<InvalidOperationException>(() => CaseWriter.Make(recipe));
    }

    private static CaseRecipe Recipe(Func<NaiveInputs, double> formula) => new()
    {
        Loss = "none", Variant = "test", Shape = new CaseShape("default", 2, 2, 1), Paper = "none", Formula = formula,
    };
}
