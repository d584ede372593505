using Semblance.Laboratory.Checking;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Tests.Checking;

public sealed class CaseFileTests
{
    [Fact]
    public void TensorsHaveTheShapeOfTheFileAndTheDtypeAskedFor()
    {
        using DisposeScope scope = NewDisposeScope();
        using SmallCase small = new();
        CaseFile file = CaseFile.Read(small.Write());

        Tensor embeddings = file.Embeddings(ScalarType.Float32);

        Assert.Equal([2, 2], embeddings.shape);
        Assert.Equal(ScalarType.Float32, embeddings.dtype);
        Assert.True(embeddings.requires_grad);
        Assert.Equal([0L, 0L], file.Labels().data<long>().ToArray());
    }

    [Fact]
    public void NullIsAnInfiniteNumber()
    {
        using SmallCase small = new();
        small.Json["expected"]!["loss"] = null;

        Assert.Equal(double.PositiveInfinity, CaseFile.Read(small.Write()).Expected.Real("loss"));
    }

    [Theory]
    [InlineData("embeddings", "[[1, 2], [3]]", "rows of equal length")]
    [InlineData("embeddings", "[[1, 2], [3, \"x\"]]", "a number")]
    [InlineData("embeddings", "7", "[batch × dim] numbers")]
    [InlineData("labels", "[0, 0.5]", "whole numbers only")]
    [InlineData("labels", "[0]", "one for each embedding")]
    [InlineData("batch", "3", "2, as the embeddings have it")]
    [InlineData("dim", "3", "2, as the embeddings have it")]
    [InlineData("hyperparameters", "[]", "expected an object")]
    [InlineData("expected", "3", "expected an object")]
    [InlineData("miner", "\"batch_hard\"", "exactly one of the fields")]
    [InlineData("case", "1", "expected a text")]
    public void WhatIsWrongIsNamedWithFileFieldAndExpectation(string field, string value, string expectation)
    {
        using SmallCase small = new();
        small.Json[field] = System.Text.Json.Nodes.JsonNode.Parse(value);

        SemblanceException problem = Assert.Throws<SemblanceException>(() => CaseFile.Read(small.Write()));

        Assert.Contains(small.File, problem.Message, StringComparison.Ordinal);
        Assert.Contains(field, problem.Message, StringComparison.Ordinal);
        Assert.Contains(expectation, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("case")]
    [InlineData("expected")]
    [InlineData("labels")]
    public void WhatIsMissingIsNamed(string field)
    {
        using SmallCase small = new();
        small.Json.Remove(field);

        SemblanceException problem = Assert.Throws<SemblanceException>(() => CaseFile.Read(small.Write()));

        Assert.Contains($"{field} is missing", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatIsNoJsonIsAnsweredInOneLine()
    {
        using SmallCase small = new();
        File.WriteAllText(small.File, "{");

        Assert.Contains("no JSON", Assert.Throws<SemblanceException>(() => CaseFile.Read(small.File)).Message, StringComparison.Ordinal);
        Assert.Throws<SemblanceException>(() => CaseFile.Read(Path.Combine(small.Folder, "absent.json")));
    }

    [Fact]
    public void AHyperparameterThatIsNotUnderstoodIsRefusedWithThoseThatAre()
    {
        using SmallCase small = new();
        small.Json["hyperparameters"]!["variant"] = "sideways";
        CaseFile file = CaseFile.Read(small.Write());

        SemblanceException problem = Assert.Throws<SemblanceException>(() => file.Hyper.Choice("variant", ("mm", 1), ("plain", 2)));

        Assert.Contains("hyperparameters.variant is \"sideways\"; expected one of 'mm', 'plain'", problem.Message, StringComparison.Ordinal);
    }
}
