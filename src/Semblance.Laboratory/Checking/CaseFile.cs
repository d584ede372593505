using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking;

/// <summary>
/// One case of a loss, a miner or a metric in JSON: inputs with the loss, gradients, tuples and further numbers that a reference gives for
/// them. docs/laboratory.md tells the format; null stands for an infinite number.
/// </summary>
public sealed class CaseFile
{
    private static readonly (string Field, CaseKind Kind)[] Kinds = [("loss", CaseKind.Loss), ("miner", CaseKind.Miner), ("metric", CaseKind.Metric)];

    private CaseFile(string path, CaseFields fields)
    {
        (Path, Fields) = (path, fields);
        (string field, CaseKind kind) = Kinds.Where(k => fields.Has(k.Field)).ToArray() switch
        {
            [(string, CaseKind) one] => one,
            _ => throw new SemblanceException($"{path}: expected exactly one of the fields 'loss', 'miner' and 'metric'; this is no case file."),
        };
        (Kind, Name, Case) = (kind, fields.Text(field), fields.Text("case"));
        Expected = fields.Section("expected");
        Extras = Expected.SectionOrEmpty("extras");
        Hyper = fields.SectionOrEmpty("hyperparameters");
        Inputs = fields.SectionOrEmpty("inputs");
        Notes = fields.Has("notes") ? fields.Text("notes") : "";
        Alternatives = fields.Sections("alternatives");
        CheckSizes();
    }

    /// <summary>Where it was read from.</summary>
    public string Path { get; }

    /// <summary>What it is about.</summary>
    public CaseKind Kind { get; }

    /// <summary>The name of the loss, the miner or the metric.</summary>
    public string Name { get; }

    /// <summary>For example "mm_correction__odd": variant and shape.</summary>
    public string Case { get; }

    /// <summary>All fields.</summary>
    public CaseFields Fields { get; }

    /// <summary>The hyperparameters, empty where there are none.</summary>
    public CaseFields Hyper { get; }

    /// <summary>Inputs that are not differentiated: mined tuples, sampled classes, distances; empty where there are none.</summary>
    public CaseFields Inputs { get; }

    /// <summary>What is expected: the loss, gradients as grad_*, extras.</summary>
    public CaseFields Expected { get; }

    /// <summary>Further numbers that are expected: counts, state after the batch; empty where there are none.</summary>
    public CaseFields Extras { get; }

    /// <summary>Other published definitions on the same inputs, each with name, loss and gradients.</summary>
    public IReadOnlyList<CaseFields> Alternatives { get; }

    /// <summary>What the case says about itself.</summary>
    public string Notes { get; }

    /// <summary>Number of embeddings.</summary>
    public int Batch => Fields.Has("batch") ? Fields.Integer("batch") : (int)Fields.Integers("labels").LongLength;

    /// <summary>Dimension of the embeddings.</summary>
    public int Dim => Fields.Integer("dim");

    /// <summary>Number of classes; where the file does not tell, one more than the largest label.</summary>
    public int Classes => Fields.Has("classes") ? Fields.Integer("classes") : (int)Fields.Integers("labels").DefaultIfEmpty(0).Max() + 1;

    /// <summary>Reads a case.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SemblanceException">It cannot be read or is no case.</exception>
    public static CaseFile Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return new CaseFile(path, new CaseFields(path, "", document.RootElement.Clone()));
        }
        catch (JsonException problem)
        {
            throw new SemblanceException($"{path}: no JSON: {problem.Message}", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SemblanceException($"{path}: cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>[batch × dim], not normalised, asking for a gradient; owned by the caller's dispose scope.</summary>
    /// <param name="dtype">float64 or float32.</param>
    public Tensor Embeddings(ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor read = Fields.Tensor("embeddings", dtype);
        return (read.numel() == 0 ? read.reshape(0, Dim) : read).MoveToOuterDisposeScope().requires_grad_();
    }

    /// <summary>[batch] int64; owned by the caller's dispose scope.</summary>
    public Tensor Labels() => tensor(Fields.Integers("labels"), ScalarType.Int64);

    private void CheckSizes()
    {
        if (!Fields.Has("embeddings"))
        {
            return;
        }

        using Tensor embeddings = Fields.Tensor("embeddings", ScalarType.Float64);
        long rows = embeddings.dim() == 0 ? 0 : embeddings.shape[0];
        if (embeddings.dim() is 0 or > 2 || (rows > 0 && embeddings.dim() != 2))
        {
            throw Fields.Refuse("embeddings", "[batch × dim] numbers");
        }

        Require("batch", rows);
        if (rows > 0)
        {
            Require("dim", embeddings.shape[1]);
        }

        long labels = Fields.Integers("labels").LongLength;
        if (labels != rows)
        {
            throw Fields.Refuse("labels", $"{rows} of them, one for each embedding; there are {labels}");
        }

        void Require(string field, long size)
        {
            if (Fields.Has(field) && Fields.Integer(field) != size)
            {
                throw Fields.Refuse(field, $"{size}, as the embeddings have it");
            }
        }
    }
}
