using Semblance.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Laboratory.Checking;

/// <summary>
/// What a case is evaluated with: a loss of ours with its parameters set to the case's inputs, which tensor has which gradient, and what
/// else is compared. The tensors are those of one dispose scope around the whole check.
/// </summary>
public sealed class CaseBinding : IDisposable
{
    private readonly CaseFields _expected;
    private readonly Func<Tensor, Tensor, ObjectiveValue>? _evaluate;
    private readonly List<IDisposable> _owned = [];
    private readonly Dictionary<string, Tensor> _inputs = new(StringComparer.Ordinal);
    private readonly List<Func<ObjectiveValue?, CaseExtra>> _extras = [];
    private readonly Dictionary<string, Func<CaseBinding>> _alternatives = new(StringComparer.Ordinal);

    private CaseBinding(CaseFile file, ScalarType dtype, Func<Tensor, Tensor, ObjectiveValue>? evaluate)
    {
        (File, Dtype, _evaluate, _expected) = (file, dtype, evaluate, file.Extras);
    }

    /// <summary>The case.</summary>
    public CaseFile File { get; }

    /// <summary>float64 or float32.</summary>
    public ScalarType Dtype { get; }

    /// <summary>Whether there is a loss; a miner's case and a metric's have none.</summary>
    internal bool HasLoss => _evaluate is not null;

    /// <summary>The tensors whose gradients are compared, by the name of the input: "weights" for grad_weights.</summary>
    internal IReadOnlyDictionary<string, Tensor> Inputs => _inputs;

    /// <summary>How other published definitions on the same inputs are evaluated, by name.</summary>
    internal IReadOnlyDictionary<string, Func<CaseBinding>> Alternatives => _alternatives;

    /// <summary>Evaluates an objective.</summary>
    /// <param name="file">The case.</param>
    /// <param name="dtype">float64 or float32, to which the objective is converted.</param>
    /// <param name="objective">The objective; the binding owns it.</param>
    public static CaseBinding Of(CaseFile file, ScalarType dtype, Objective objective)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(objective);
        objective.to(dtype);
        CaseBinding binding = new(file, dtype, (embeddings, labels) => objective.Evaluate(embeddings, labels));
        binding._owned.Add(objective);
        return binding;
    }

    /// <summary>Evaluates an objective of the registry, by the name and the parameters that a config would give.</summary>
    /// <param name="file">The case.</param>
    /// <param name="dtype">float64 or float32.</param>
    /// <param name="name">The registered name.</param>
    /// <param name="parameters">Values by key.</param>
    public static CaseBinding OfRegistered(CaseFile file, ScalarType dtype, string name, params (string Key, object? Value)[] parameters)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(parameters);
        ObjectiveContext context = new(Math.Max(1, file.Classes), file.Dim, Seed: 0);
        return Of(file, dtype, ObjectiveRegistry.Create(name, parameters.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal), context));
    }

    /// <summary>Evaluates anything that has a loss.</summary>
    /// <param name="file">The case.</param>
    /// <param name="dtype">float64 or float32.</param>
    /// <param name="evaluate">The loss from embeddings and labels.</param>
    /// <param name="owned">What the binding disposes of at its end.</param>
    public static CaseBinding Of(CaseFile file, ScalarType dtype, Func<Tensor, Tensor, ObjectiveValue> evaluate, params IDisposable[] owned)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(evaluate);
        CaseBinding binding = new(file, dtype, evaluate);
        binding._owned.AddRange(owned);
        return binding;
    }

    /// <summary>Compares tuples, probabilities or figures, without a loss.</summary>
    /// <param name="file">The case.</param>
    /// <param name="dtype">float64 or float32.</param>
    public static CaseBinding WithoutLoss(CaseFile file, ScalarType dtype)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new CaseBinding(file, dtype, null);
    }

    /// <summary>Gives a parameter the values of an input of the case, and has its gradient compared with grad_ and the input's name.</summary>
    /// <param name="field">The input: weights, bias, scale, beta or centers.</param>
    /// <param name="parameter">The parameter, of as many elements.</param>
    /// <exception cref="SemblanceException">The case has no such input, or one of another size.</exception>
    public CaseBinding Input(string field, Tensor parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        Set(File.Fields, field, parameter);
        _inputs.Add(field, parameter);
        return this;
    }

    /// <summary>Gives a tensor of state (a running mean) a number of the case.</summary>
    /// <param name="fields">Where the number is, mostly <see cref="CaseFile.Hyper"/>.</param>
    /// <param name="field">Its name.</param>
    /// <param name="state">The tensor, of as many elements.</param>
    /// <exception cref="SemblanceException">There is no such number, or it is of another size.</exception>
    public CaseBinding State(CaseFields fields, string field, Tensor state)
    {
        ArgumentNullException.ThrowIfNull(fields);
        ArgumentNullException.ThrowIfNull(state);
        Set(fields, field, state);
        return this;
    }

    /// <summary>Compares an extra of the case, where it has it, within the tolerance of the dtype.</summary>
    /// <param name="name">The extra.</param>
    /// <param name="actual">Ours, after the loss was evaluated.</param>
    public CaseBinding Number(string name, Func<ObjectiveValue, double> actual) => Numbers(name, value => [actual(value)]);

    /// <summary>Compares an extra of the case, where it has it, within the tolerance of the dtype.</summary>
    /// <param name="name">The extra.</param>
    /// <param name="actual">Ours, row by row, after the loss was evaluated.</param>
    public CaseBinding Numbers(string name, Func<ObjectiveValue, double[]> actual) => Extra(name, actual, exact: false);

    /// <summary>Compares a count of the case, where it has it, exactly.</summary>
    /// <param name="name">The extra.</param>
    /// <param name="actual">Ours, after the loss was evaluated.</param>
    public CaseBinding Count(string name, Func<ObjectiveValue, double> actual) => Extra(name, value => [actual(value)], exact: true);

    /// <summary>Compares whatever is left to compare.</summary>
    /// <param name="extra">Ours beside the expected, after the loss was evaluated; the value is null where there is no loss.</param>
    public CaseBinding Compare(Func<ObjectiveValue?, CaseExtra> extra)
    {
        _extras.Add(extra);
        return this;
    }

    /// <summary>Tells how another published definition, of those that the case has as alternatives, is evaluated with ours.</summary>
    /// <param name="name">Its name in the file; nothing happens where the file does not have it.</param>
    /// <param name="binding">The binding for it.</param>
    public CaseBinding Alternative(string name, Func<CaseBinding> binding)
    {
        _alternatives.Add(name, binding);
        return this;
    }

    /// <inheritdoc/>
    public void Dispose() => _owned.ForEach(owned => owned.Dispose());

    /// <summary>The loss.</summary>
    internal ObjectiveValue Evaluate(Tensor embeddings, Tensor labels) => _evaluate!(embeddings, labels);

    /// <summary>The extras.</summary>
    internal IEnumerable<CaseExtra> Compared(ObjectiveValue? value) => _extras.Select(extra => extra(value));

    private CaseBinding Extra(string name, Func<ObjectiveValue, double[]> actual, bool exact)
    {
        if (_expected.Has(name))
        {
            _extras.Add(value => new CaseExtra(name, actual(value!), _expected.Reals(name), exact));
        }

        return this;
    }

    private static void Set(CaseFields fields, string field, Tensor parameter)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        Tensor values = fields.Tensor(field, parameter.dtype);
        if (values.numel() != parameter.numel())
        {
            throw fields.Refuse(field, $"{parameter.numel()} numbers, as ours is [{string.Join(" × ", parameter.shape)}]; there are {values.numel()}");
        }

        parameter.copy_(values.reshape(parameter.shape));
    }
}
