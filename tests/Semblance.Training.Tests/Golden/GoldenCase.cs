using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Golden;

/// <summary>
/// One case of ../shared/golden: inputs with the loss, gradients and tuples that reference implementations give. Its README tells the format.
/// </summary>
internal sealed class GoldenCase
{
    private const string Absent = "shared/golden is absent";

    private readonly JsonElement _root;

    private GoldenCase(string name, JsonElement root) => (Name, _root) = (name, root);

    /// <summary>For example "arcface/mm_correction__odd".</summary>
    public string Name { get; }

    /// <summary>The part of the case's name before the shape, for example "mm_correction".</summary>
    public string Variant => Name[(Name.IndexOf('/', StringComparison.Ordinal) + 1)..].Split("__")[0];

    public JsonElement Hyper => _root.GetProperty("hyperparameters");

    public JsonElement Expected => _root.GetProperty("expected");

    public JsonElement Extras => Expected.GetProperty("extras");

    public double Loss => Expected.GetProperty("loss").GetDouble();

    public int Classes => _root.GetProperty("classes").GetInt32();

    public int Dim => _root.GetProperty("dim").GetInt32();

    /// <summary>The rows of a theory: every case of the folders, or one row that skips where there are none.</summary>
    public static TheoryData<string> In(params string[] folders)
    {
        TheoryData<string> rows = [];
        if (Folder() is { } root)
        {
            foreach (string folder in folders)
            {
                foreach (string file in Directory.EnumerateFiles(Path.Combine(root, folder), "*.json").Order(StringComparer.Ordinal))
                {
                    rows.Add($"{folder}/{Path.GetFileNameWithoutExtension(file)}");
                }
            }
        }

        if (rows.Count == 0)
        {
            rows.Add(Absent);
        }

        return rows;
    }

    /// <summary>Reads a case, or skips the test where the shared folder is absent.</summary>
    public static GoldenCase Read(string name)
    {
        if (name == Absent || Folder() is not { } root)
        {
            Assert.Skip("No ../shared/golden beside the repository: the golden cases were not checked.");
            throw new InvalidOperationException();
        }

        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, name + ".json")));
        return new GoldenCase(name, document.RootElement.Clone());
    }

    public bool Has(string field) => _root.TryGetProperty(field, out _);

    public Tensor Embeddings(ScalarType dtype) => Matrix(_root.GetProperty("embeddings")).to_type(dtype).requires_grad_();

    public Tensor Labels() => tensor(_root.GetProperty("labels").EnumerateArray().Select(e => e.GetInt64()).ToArray());

    /// <summary>A further input, for example weights or bias, in float64.</summary>
    public Tensor Input(string field) => Matrix(_root.GetProperty(field));

    /// <summary>Index tuples of a field of "expected" or "inputs", sorted.</summary>
    public long[][] Tuples(string section, string field) =>
        [.. _root.GetProperty(section).GetProperty(field).EnumerateArray().Select(t => t.EnumerateArray().Select(i => i.GetInt64()).ToArray())];

    /// <summary>Compares the loss: 1e-9 in float64, 1e-5·max(1, |loss|) in float32 (the README's tolerance).</summary>
    public void AssertLoss(Tensor loss, ScalarType dtype)
    {
        double tolerance = (dtype == ScalarType.Float64 ? 1e-9 : 1e-5) * Math.Max(1, Math.Abs(Loss));
        double actual = loss.to_type(ScalarType.Float64).item<double>();
        Assert.True(Math.Abs(actual - Loss) <= tolerance, $"{Name}: loss {actual:R}, expected {Loss:R}");
    }

    /// <summary>
    /// Compares a gradient: 1e-9 of its largest entry in float64; 1e-4 of it + 1e-6 in float32, or 1e-3 for angles near 0; exactly zero where
    /// the expected one is.
    /// </summary>
    public void AssertGradient(string field, Tensor? actual, ScalarType dtype)
    {
        Assert.NotNull(actual);
        using DisposeScope scope = NewDisposeScope();
        Tensor expected = Matrix(Expected.GetProperty(field)).reshape(actual.shape);
        double largest = expected.abs().max().item<double>();
        double error = (actual.to_type(ScalarType.Float64) - expected).abs().max().item<double>();
        double relative = Name.EndsWith("edge_small_angle", StringComparison.Ordinal) ? 1e-3 : 1e-4;
        double tolerance = dtype == ScalarType.Float64 ? (1e-9 * largest) + 1e-12 : (relative * largest) + 1e-6;
        Assert.True(error <= (largest == 0 ? 0 : tolerance), $"{Name}: {field} off by {error:R} at a largest entry of {largest:R}");
    }

    private static Tensor Matrix(JsonElement element)
    {
        if (element.GetArrayLength() == 0 || element[0].ValueKind != JsonValueKind.Array)
        {
            return tensor(element.EnumerateArray().Select(e => e.GetDouble()).ToArray());
        }

        double[][] rows = [.. element.EnumerateArray().Select(r => r.EnumerateArray().Select(e => e.GetDouble()).ToArray())];
        return tensor(rows.SelectMany(r => r).ToArray(), [rows.Length, rows[0].Length]);
    }

    private static string? Folder()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "shared", "golden");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
