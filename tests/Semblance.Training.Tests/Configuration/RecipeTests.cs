using Semblance.Training.Configuration;

namespace Semblance.Training.Tests.Configuration;

/// <summary>docs/recipes holds configs of published methods; each would run, and docs/training.md explains it.</summary>
public sealed class RecipeTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Recipes.Docs("recipes"), "*.yaml").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void EveryRecipeParsesAndItsStagesCanBeMade(string file) =>
        Recipes.AssertStagesCanBeMade(TrainingConfigFile.Read(Path.Combine(Recipes.Docs("recipes"), file)));

    [Theory]
    [MemberData(nameof(Files))]
    public void EveryRecipeIsExplained(string file) =>
        Assert.Contains($"recipes/{file}", File.ReadAllText(Path.Combine(Recipes.Docs("recipes"), "..", "training.md")), StringComparison.Ordinal);

    [Fact]
    public void TheFiveOfTheIssueAreThere() =>
        Assert.Empty(new[] { "deep-face-recognition.yaml", "deepid2.yaml", "trihard.yaml", "facenet-offline.yaml", "long-tail.yaml" }.Except(Files.Select(row => row.Data)));

    [Fact]
    public void DeepFaceRecognitionTrainsTheLastLayerAloneInItsSecondStage()
    {
        TrainingConfig config = TrainingConfigFile.Read(Path.Combine(Recipes.Docs("recipes"), "deep-face-recognition.yaml"));
        Assert.Equal((0.0, 1.0), (config.Stages[1].BackboneLrFactor, config.Stages[1].EmbeddingLrFactor));
    }
}
