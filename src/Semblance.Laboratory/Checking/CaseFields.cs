using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking;

/// <summary>One object of a case file, read strictly: whatever is missing or of another kind is answered with file, field and what was expected.</summary>
public sealed class CaseFields
{
    private readonly string _file;
    private readonly string _place;
    private readonly JsonElement _object;

    internal CaseFields(string file, string place, JsonElement element)
    {
        (_file, _place, _object) = (file, place, element);
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new SemblanceException($"{file}: {(place.Length > 0 ? place : "the document")} is {Kind(element)}; expected an object.");
        }
    }

    /// <summary>The names of the fields in the order of the file.</summary>
    public IReadOnlyList<string> Names => [.. _object.EnumerateObject().Select(p => p.Name)];

    /// <summary>Whether the field is there, null included.</summary>
    /// <param name="field">Its name.</param>
    public bool Has(string field) => _object.TryGetProperty(field, out _);

    /// <summary>Whether the field is there and a number.</summary>
    /// <param name="field">Its name.</param>
    public bool IsNumber(string field) => _object.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.Number;

    /// <summary>A number; null in the file means infinite.</summary>
    /// <param name="field">Its name.</param>
    /// <exception cref="SemblanceException">It is missing or no number.</exception>
    public double Real(string field) => Number(Get(field), field);

    /// <summary>A whole number.</summary>
    /// <param name="field">Its name.</param>
    /// <exception cref="SemblanceException">It is missing or no whole number.</exception>
    public int Integer(string field)
    {
        double value = Real(field);
        return value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue ? (int)value : throw Wrong(field, Get(field), "a whole number");
    }

    /// <summary>True or false.</summary>
    /// <param name="field">Its name.</param>
    /// <exception cref="SemblanceException">It is missing or neither.</exception>
    public bool Flag(string field) => Get(field) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        JsonElement other => throw Wrong(field, other, "true or false"),
    };

    /// <summary>A text.</summary>
    /// <param name="field">Its name.</param>
    /// <exception cref="SemblanceException">It is missing or no text.</exception>
    public string Text(string field) => Get(field) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : throw Wrong(field, Get(field), "a text");

    /// <summary>What one of several texts stands for.</summary>
    /// <typeparam name="T">What they stand for.</typeparam>
    /// <param name="field">Its name.</param>
    /// <param name="known">The texts that are understood.</param>
    /// <exception cref="SemblanceException">It is missing or another text.</exception>
    public T Choice<T>(string field, params (string Text, T Value)[] known)
    {
        ArgumentNullException.ThrowIfNull(known);
        string text = Text(field);
        foreach ((string name, T value) in known)
        {
            if (name == text)
            {
                return value;
            }
        }

        throw Wrong(field, Get(field), $"one of {string.Join(", ", known.Select(k => $"'{k.Text}'"))}");
    }

    /// <summary>All numbers of a number or of an array of any depth, row by row; null in the file means infinite.</summary>
    /// <param name="field">Its name.</param>
    /// <exception cref="SemblanceException">It is missing, or something in it is no number.</exception>
    public double[] Reals(string field)
    {
        List<double> values = [];
        Flatten(Get(field), field, values);
        return [.. values];
    }

    /// <summary>All whole numbers of an array of any depth.</summary>
    /// <param name="field">Its name.</param>
    /// <exception cref="SemblanceException">It is missing, or something in it is no whole number.</exception>
    public long[] Integers(string field) =>
        [.. Reals(field).Select(v => v == Math.Floor(v) && Math.Abs(v) < 1L << 53 ? (long)v : throw Wrong(field, Get(field), "whole numbers only"))];

    /// <summary>Tuples of positions: an array of arrays of whole numbers, all of one length.</summary>
    /// <param name="field">Its name.</param>
    /// <exception cref="SemblanceException">It is missing or something else.</exception>
    public long[][] Tuples(string field)
    {
        JsonElement array = Get(field);
        if (array.ValueKind != JsonValueKind.Array || array.EnumerateArray().Any(t => t.ValueKind != JsonValueKind.Array || t.GetArrayLength() != array[0].GetArrayLength()))
        {
            throw Wrong(field, array, "an array of tuples of one length");
        }

        return [.. Integers(field).Chunk(Math.Max(1, array.GetArrayLength() == 0 ? 1 : array[0].GetArrayLength()))];
    }

    /// <summary>A tensor of the shape in which the file nests the numbers; a single number has no dimension.</summary>
    /// <param name="field">Its name.</param>
    /// <param name="dtype">float64 or float32.</param>
    /// <returns>Owned by the caller's dispose scope.</returns>
    /// <exception cref="SemblanceException">It is missing, not rectangular, or something in it is no number.</exception>
    public Tensor Tensor(string field, ScalarType dtype)
    {
        List<long> shape = [];
        for (JsonElement at = Get(field); at.ValueKind == JsonValueKind.Array; at = at[0])
        {
            shape.Add(at.GetArrayLength());
            if (at.GetArrayLength() == 0)
            {
                break;
            }
        }

        RequireShape(Get(field), field, shape, 0);
        using Tensor flat = tensor(Reals(field), ScalarType.Float64);
        using Tensor shaped = flat.reshape([.. shape]);
        return shaped.to_type(dtype, copy: true);
    }

    /// <summary>An object within this one.</summary>
    /// <param name="field">Its name.</param>
    /// <exception cref="SemblanceException">It is missing or no object.</exception>
    public CaseFields Section(string field) => new(_file, Path(field), Get(field));

    /// <summary>An object within this one, or an empty one where it is missing.</summary>
    /// <param name="field">Its name.</param>
    /// <exception cref="SemblanceException">It is no object.</exception>
    public CaseFields SectionOrEmpty(string field) => Has(field) ? Section(field) : new CaseFields(_file, Path(field), Empty);

    /// <summary>An array of objects, empty where it is missing.</summary>
    /// <param name="field">Its name.</param>
    /// <exception cref="SemblanceException">It is something else.</exception>
    public IReadOnlyList<CaseFields> Sections(string field)
    {
        if (!Has(field))
        {
            return [];
        }

        JsonElement array = Get(field);
        return array.ValueKind == JsonValueKind.Array
            ? [.. array.EnumerateArray().Select((e, i) => new CaseFields(_file, $"{Path(field)}[{i}]", e))]
            : throw Wrong(field, array, "an array of objects");
    }

    /// <summary>All fields as a config would give them: texts, numbers, switches, lists and mappings.</summary>
    public IReadOnlyDictionary<string, object?> Values() => (IReadOnlyDictionary<string, object?>)Plain(_object)!;

    /// <summary>The error for a field whose value is not understood.</summary>
    /// <param name="field">Its name.</param>
    /// <param name="expected">What was expected.</param>
    public SemblanceException Refuse(string field, string expected) => Wrong(field, Get(field), expected);

    private static JsonElement Empty { get; } = JsonDocument.Parse("{}").RootElement;

    private static object? Plain(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => element.EnumerateArray().Select(Plain).ToList(),
        JsonValueKind.Object => element.EnumerateObject().ToDictionary(p => p.Name, p => Plain(p.Value), StringComparer.Ordinal),
        _ => null,
    };

    private JsonElement Get(string field) => _object.TryGetProperty(field, out JsonElement value)
        ? value
        : throw new SemblanceException($"{_file}: {Path(field)} is missing.");

    private string Path(string field) => _place.Length > 0 ? $"{_place}.{field}" : field;

    private void Flatten(JsonElement element, string field, List<double> values)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement inner in element.EnumerateArray())
            {
                Flatten(inner, field, values);
            }
        }
        else
        {
            values.Add(Number(element, field));
        }
    }

    private double Number(JsonElement element, string field) => element.ValueKind switch
    {
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.Null => double.PositiveInfinity,
        _ => throw Wrong(field, element, "a number"),
    };

    private void RequireShape(JsonElement element, string field, List<long> shape, int depth)
    {
        bool leaf = depth == shape.Count;
        if (leaf ? element.ValueKind == JsonValueKind.Array : element.ValueKind != JsonValueKind.Array || element.GetArrayLength() != shape[depth])
        {
            throw Wrong(field, Get(field), "rows of equal length");
        }

        if (!leaf)
        {
            foreach (JsonElement inner in element.EnumerateArray())
            {
                RequireShape(inner, field, shape, depth + 1);
            }
        }
    }

    private SemblanceException Wrong(string field, JsonElement value, string expected) =>
        new($"{_file}: {Path(field)} is {Kind(value)}; expected {expected}.");

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.Null => "null",
        _ => element.GetRawText() is { Length: <= 120 } text ? text : element.GetRawText()[..117] + "...",
    };
}
