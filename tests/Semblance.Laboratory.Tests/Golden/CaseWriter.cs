using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Semblance.Numerics;

namespace Semblance.Laboratory.Tests.Golden;

/// <summary>
/// Makes a case from a recipe: inputs drawn as multiples of 2⁻¹⁰, so that float32 holds them exactly; the loss from the formula; gradients
/// by 5-point central differences of the formula. Nothing of the code under test takes part. A seed whose numbers come nearer to a switch than
/// float32 could tell is passed over.
/// </summary>
internal static class CaseWriter
{
    private const double Grid = 1.0 / 1024;
    private const double SmallestGap = 5e-4;
    // By the steps' agreement; the tolerance of a check in float64 is 1e-9.
    private const double LargestDifferenceError = 2e-10;
    private const int Attempts = 500;
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, IndentSize = 1 };

    /// <summary>The case as it belongs into its file.</summary>
    public static JsonObject Make(CaseRecipe recipe)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            NaiveInputs inputs = Draw(recipe, attempt);
            double loss = recipe.Formula(inputs);
            if (inputs.NearestSwitch < SmallestGap || !double.IsFinite(loss))
            {
                continue;
            }

            JsonObject? extras = recipe.Extras?.Invoke(inputs);
            JsonObject? further = recipe.Inputs?.Invoke(inputs);
            return Document(recipe, attempt, inputs, loss, extras, further);
        }

        throw new InvalidOperationException($"{recipe.File}: no seed of {Attempts} stays clear of the switches");
    }

    /// <summary>The text of the file: one row of numbers to a line.</summary>
    public static string Text(JsonObject document)
    {
        string[] lines = document.ToJsonString(Layout).Split('\n');
        List<string> joined = [];
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            // Arrays without arrays in them go on one line.
            if (line.EndsWith('['))
            {
                int end = Array.FindIndex(lines, i + 1, l => l.TrimStart() is { Length: > 0 } t && (t[0] is '[' or ']' or '{'));
                if (lines[end].TrimStart()[0] == ']')
                {
                    line += string.Join(' ', lines[(i + 1)..end].Select(l => l.Trim())) + lines[end].TrimStart();
                    i = end;
                }
            }

            joined.Add(line);
        }

        return string.Join('\n', joined) + '\n';
    }

    private static NaiveInputs Draw(CaseRecipe recipe, int attempt)
    {
        CountedRandom random = new(Seed(recipe.File, attempt), 0);
        CaseShape shape = recipe.Shape;
        int[] labels = [.. shape.ClassSizes.SelectMany((size, label) => Enumerable.Repeat(label, size))];
        random.Shuffle<int>(labels);
        NaiveInputs inputs = new()
        {
            Embeddings = Matrix(shape.Batch, shape.Dim, recipe.EmbeddingDeviation, 0),
            Labels = labels,
            Classes = shape.Classes,
        };
        foreach ((string name, int rows, int columns, double deviation, double mean) in recipe.Further)
        {
            inputs.Further.Add(name, Matrix(rows, columns, deviation, mean));
        }

        recipe.Edge?.Invoke(inputs);
        return inputs;

        double[][] Matrix(int rows, int columns, double deviation, double mean) =>
            [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => Math.Round((mean + (deviation * random.NextGaussian())) / Grid) * Grid).ToArray())];
    }

    private static ulong Seed(string file, int attempt)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in file.Replace('\\', '/'))
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return hash + (ulong)attempt;
    }

    private static JsonObject Document(CaseRecipe recipe, int attempt, NaiveInputs inputs, double loss, JsonObject? extras, JsonObject? further)
    {
        inputs.BeginDifferences();
        double worst = 0;
        JsonObject expected = new() { ["loss"] = Rounded(loss), ["grad_embeddings"] = Gradient("embeddings", inputs.Embeddings) };
        JsonObject document = new()
        {
            ["loss"] = recipe.Loss,
            ["case"] = recipe.Case,
            ["reference"] = "paper formula, float64",
            ["paper"] = recipe.Paper,
            ["parameters"] = recipe.Parameters.DeepClone(),
            ["batch"] = inputs.Embeddings.Length,
            ["dim"] = recipe.Shape.Dim,
            ["classes"] = recipe.Shape.Classes,
            ["seed"] = attempt,
            ["embeddings"] = Rows(inputs.Embeddings),
            ["labels"] = new JsonArray([.. inputs.Labels.Select(l => JsonValue.Create(l))]),
        };
        foreach ((string name, double[][] values) in inputs.Further)
        {
            document[name] = Rows(values);
            expected[$"grad_{name}"] = Gradient(name, values);
        }

        if (further is not null)
        {
            document["inputs"] = further;
        }

        if (extras is not null)
        {
            expected["extras"] = extras;
        }

        document["expected"] = expected;
        document["verification"] = new JsonObject
        {
            ["finite_difference"] = new JsonObject
            {
                ["scheme"] = "5-point central, float64, the two neighbouring steps that agree best; detached terms held at the base point",
                ["max_err_relative_to_max_abs_grad"] = Math.Round(worst, 12),
            },
            ["min_distance_to_nonsmooth_point"] = double.IsFinite(inputs.NearestSwitch) ? Math.Round(inputs.NearestSwitch, 5) : null,
        };
        document["notes"] = recipe.Notes;
        return document;

        JsonArray Gradient(string name, double[][] values)
        {
            (double Slope, double Error)[][] slopes = [.. values.Select(row => row.Select((_, j) => Slope(recipe.Formula, inputs, row, j)).ToArray())];
            double largest = slopes.SelectMany(s => s).Select(s => Math.Abs(s.Slope)).DefaultIfEmpty(0).Max();
            double error = slopes.SelectMany(s => s).Select(s => s.Error).DefaultIfEmpty(0).Max() / Math.Max(largest, 1e-3);
            worst = Math.Max(worst, error);
            return error <= LargestDifferenceError
                ? Rows([.. slopes.Select(row => row.Select(s => s.Slope).ToArray())])
                : throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture, $"{recipe.File}: differences give grad_{name} to {error:G2} only; the formula loses digits, or a switch is not told"));
        }
    }

    private static (double Slope, double Error) Slope(Func<NaiveInputs, double> formula, NaiveInputs inputs, double[] row, int column)
    {
        double at = row[column];
        double best = double.NaN;
        double smallest = double.PositiveInfinity;
        double previous = double.NaN;
        // Powers of two: at ± h is exact.
        for (double h = 1.0 / 1024; h >= 1.0 / 65536; h /= 2)
        {
            double slope = ((8 * (Value(h) - Value(-h))) - (Value(2 * h) - Value(-2 * h))) / (12 * h);
            double difference = Math.Abs(slope - previous);
            if (difference < smallest)
            {
                (best, smallest) = (slope, difference);
            }

            previous = slope;
        }

        row[column] = at;
        return (best, smallest);

        double Value(double step)
        {
            row[column] = at + step;
            return formula(inputs);
        }
    }

    private static JsonArray Rows(double[][] values) => values.Length > 0 && values.All(row => row.Length == 1)
        ? Row([.. values.Select(row => row[0])])
        : new JsonArray([.. values.Select(Row)]);

    private static JsonArray Row(double[] values) => new([.. values.Select(v => JsonValue.Create(Rounded(v)))]);

    // The format has 12 significant digits.
    private static double Rounded(double value) => double.Parse(value.ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
