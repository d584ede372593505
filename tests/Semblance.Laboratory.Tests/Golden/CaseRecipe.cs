using System.Text.Json.Nodes;

namespace Semblance.Laboratory.Tests.Golden;

/// <summary>How a case of our own is made: what is drawn, and the paper's formula as loops over plain numbers.</summary>
internal sealed record CaseRecipe
{
    /// <summary>The registered name of the loss, which is the folder too.</summary>
    public required string Loss { get; init; }

    /// <summary>For example "mean" for the file mean__odd.json.</summary>
    public required string Variant { get; init; }

    /// <summary>Sizes.</summary>
    public required CaseShape Shape { get; init; }

    /// <summary>Paper and equation.</summary>
    public required string Paper { get; init; }

    /// <summary>The parameters as a config of ours gives them.</summary>
    public JsonObject Parameters { get; init; } = [];

    /// <summary>The formula.</summary>
    public required Func<NaiveInputs, double> Formula { get; init; }

    /// <summary>Further differentiable inputs: name, rows, columns (1 for a list of numbers), deviation and mean of what is drawn.</summary>
    public IReadOnlyList<(string Name, int Rows, int Columns, double Deviation, double Mean)> Further { get; init; } = [];

    /// <summary>Standard deviation of the embeddings' entries.</summary>
    public double EmbeddingDeviation { get; init; } = 1;

    /// <summary>Changes what was drawn, for an edge: duplicates, a wide angle.</summary>
    public Action<NaiveInputs>? Edge { get; init; }

    /// <summary>Further numbers that are expected, from the same formula.</summary>
    public Func<NaiveInputs, JsonObject>? Extras { get; init; }

    /// <summary>Inputs that are not differentiated.</summary>
    public Func<NaiveInputs, JsonObject>? Inputs { get; init; }

    /// <summary>What a reader should know: detached terms, reductions.</summary>
    public string Notes { get; init; } = "";

    public string Case => $"{Variant}__{Shape.Name}";

    /// <summary>The file below tests/golden.</summary>
    public string File => Path.Combine(Loss, Case + ".json");
}

/// <summary>Sizes of a case.</summary>
/// <param name="Name">For the file: default, odd, edge_*.</param>
/// <param name="Dim">Dimension of the embeddings.</param>
/// <param name="ClassSizes">How many samples each class has; 0 for a class that is absent from the batch.</param>
internal sealed record CaseShape(string Name, int Dim, params int[] ClassSizes)
{
    /// <summary>12 samples of 4 classes.</summary>
    public static CaseShape Default { get; } = new("default", 8, 3, 3, 3, 3);

    /// <summary>10 samples of 4 classes of which one has a single sample, and a fifth class that is absent.</summary>
    public static CaseShape Odd { get; } = new("odd", 5, 4, 3, 2, 1, 0);

    public int Classes => ClassSizes.Length;

    public int Batch => ClassSizes.Sum();
}
