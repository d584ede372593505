using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking;

/// <summary>Evaluates cases with our losses, miners and metrics and compares.</summary>
public static class CaseChecker
{
    private const string GradientPrefix = "grad_";
    private static readonly string[] DifferentiableInputs = ["weights", "bias", "scale", "beta", "centers"];

    /// <summary>Checks one case. Whatever goes wrong with it is its outcome, not an exception.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dtype">float64 or float32.</param>
    public static CaseOutcome Check(string path, ScalarType dtype)
    {
        try
        {
            return Check(CaseFile.Read(path), dtype);
        }
        catch (SemblanceException problem)
        {
            return new CaseOutcome { File = path, Loss = "", Case = "", Dtype = Written(dtype), Result = CaseResult.Fail, Problem = problem.Message };
        }
    }

    /// <summary>Checks one case. Whatever goes wrong with it is its outcome, not an exception.</summary>
    /// <param name="file">The case.</param>
    /// <param name="dtype">float64 or float32; a metric is computed in float64 in any case.</param>
    public static CaseOutcome Check(CaseFile file, ScalarType dtype)
    {
        ArgumentNullException.ThrowIfNull(file);
        dtype = file.Kind == CaseKind.Metric ? ScalarType.Float64 : dtype;
        CaseOutcome outcome = new() { File = file.Path, Loss = file.Name, Case = file.Case, Dtype = Written(dtype), Result = CaseResult.Fail };
        if (CaseBindings.Find(file) is not { } bind)
        {
            return outcome with
            {
                Result = file.Kind == CaseKind.Metric ? CaseResult.Unchecked : CaseResult.Fail,
                Problem = CaseBindings.Unknown(file),
            };
        }

        try
        {
            using DisposeScope scope = NewDisposeScope();
            using CaseBinding binding = bind(file, dtype);
            outcome = Compare(outcome, binding, file.Expected);
            return outcome with { Alternatives = [.. Alternatives(file, binding, outcome)] } is var all && all.Alternatives.All(a => a.Result == CaseResult.Pass)
                ? all
                : all with { Result = CaseResult.Fail, Problem = all.Problem ?? "an alternative definition fails" };
        }
        catch (SemblanceException problem)
        {
            return outcome with { Result = CaseResult.Fail, Problem = problem.Message };
        }
    }

    private static IEnumerable<CaseOutcome> Alternatives(CaseFile file, CaseBinding binding, CaseOutcome outcome)
    {
        foreach (CaseFields alternative in file.Alternatives)
        {
            string name = alternative.Text("name");
            if (binding.Alternatives.TryGetValue(name, out Func<CaseBinding>? create))
            {
                using CaseBinding other = create();
                CaseOutcome blank = new()
                {
                    File = outcome.File, Loss = outcome.Loss, Case = $"{outcome.Case}/{name}", Dtype = outcome.Dtype, Result = CaseResult.Fail,
                };
                yield return Compare(blank, other, alternative);
            }
        }
    }

    private static CaseOutcome Compare(CaseOutcome outcome, CaseBinding binding, CaseFields expected)
    {
        CaseFile file = binding.File;
        string[] gradients = [.. expected.Names.Where(n => n.StartsWith(GradientPrefix, StringComparison.Ordinal))];
        if (DifferentiableInputs.FirstOrDefault(i => file.Fields.Has(i) && !binding.Inputs.ContainsKey(i)) is { } unused)
        {
            return outcome with { Problem = $"the case has the input '{unused}', for which ours has no place" };
        }

        List<string> problems = [];
        ObjectiveValue? value = null;
        if (expected.Has("loss") != binding.HasLoss)
        {
            return outcome with { Problem = binding.HasLoss ? "the case has no expected loss" : "the case has a loss; ours compares tuples or probabilities only" };
        }

        if (binding.HasLoss)
        {
            Tensor embeddings = file.Embeddings(binding.Dtype);
            value = binding.Evaluate(embeddings, file.Labels());
            value.Loss.backward();
            double wanted = expected.Real("loss");
            double actual = value.Loss.to_type(ScalarType.Float64).item<double>();
            double error = Math.Abs(actual - wanted);
            if (!(error <= CaseTolerance.Loss(binding.Dtype, wanted)))
            {
                problems.Add(FormattableString.Invariant($"the loss is {actual:R}, expected {wanted:R}"));
            }

            outcome = outcome with
            {
                ExpectedLoss = wanted,
                ActualLoss = actual,
                LossError = error / Math.Max(1, Math.Abs(wanted)),
                Gradients = [.. gradients.Select(g => Gradient(g, g == "grad_embeddings" ? embeddings : Input(g)))],
            };
        }

        // The extras of an alternative are another's; a binding compares those of the case.
        ComparedValue[] extras = [.. (ReferenceEquals(expected, file.Expected) ? binding.Compared(value) : []).Select(e => Extra(e, binding.Dtype))];
        if (!binding.HasLoss && extras.Length == 0)
        {
            problems.Add("nothing was compared");
        }

        problems.AddRange(outcome.Gradients.Concat(extras).Where(v => !v.Passed).Select(v => FormattableString.Invariant($"{v.Name} is off by {v.Error:G3}")));
        return outcome with
        {
            Extras = extras,
            Result = problems.Count == 0 ? CaseResult.Pass : CaseResult.Fail,
            Problem = problems.Count == 0 ? null : string.Join("; ", problems),
        };

        Tensor Input(string gradient) => binding.Inputs.TryGetValue(gradient[GradientPrefix.Length..], out Tensor? input)
            ? input
            : throw new SemblanceException($"{file.Path}: {gradient} is expected; ours has no such parameter.");

        ComparedValue Gradient(string name, Tensor input) => Compared(name, input, expected.Tensor(name, ScalarType.Float64), binding);
    }

    private static ComparedValue Compared(string name, Tensor input, Tensor expected, CaseBinding binding)
    {
        using DisposeScope scope = NewDisposeScope();
        if (input.numel() != expected.numel())
        {
            throw new SemblanceException($"{binding.File.Path}: {name} has {expected.numel()} numbers; ours is [{string.Join(" × ", input.shape)}].");
        }

        if (input.numel() == 0)
        {
            return new ComparedValue(name, 0, true);
        }

        if (input.grad is not { } gradient)
        {
            return new ComparedValue(name, double.NaN, false);
        }

        Tensor wanted = expected.reshape(input.shape);
        Tensor difference = (gradient.detach().to_type(ScalarType.Float64) - wanted).abs();
        double largest = wanted.abs().max().item<double>();
        double error = difference.max().item<double>();
        bool passed = error <= CaseTolerance.Gradient(binding.Dtype, largest, binding.File.Case);
        if (name != "grad_embeddings" && wanted.dim() == 2)
        {
            // The row of a class that takes no part: zero, not almost.
            Tensor absent = wanted.eq(0).all(1);
            passed &= (difference.amax(1) * absent).max().item<double>() == 0;
        }

        return new ComparedValue(name, largest == 0 ? error : error / largest, passed);
    }

    private static ComparedValue Extra(CaseExtra extra, ScalarType dtype)
    {
        if (extra.Actual.Length != extra.Expected.Length)
        {
            return new ComparedValue(extra.Name, double.NaN, false);
        }

        double largest = extra.Expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        double error = 0;
        foreach ((double actual, double expected) in extra.Actual.Zip(extra.Expected))
        {
            double difference = double.IsFinite(expected) ? Math.Abs(actual - expected) : double.IsFinite(actual) ? double.PositiveInfinity : 0;
            error = double.IsNaN(difference) ? double.NaN : Math.Max(error, difference);
        }

        return new ComparedValue(extra.Name, error / Math.Max(1, largest), error <= CaseTolerance.Extra(dtype, largest, extra.Exact));
    }

    private static string Written(ScalarType dtype) => dtype switch
    {
        ScalarType.Float64 => "float64",
        ScalarType.Float32 => "float32",
        _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "float64 or float32"),
    };
}
