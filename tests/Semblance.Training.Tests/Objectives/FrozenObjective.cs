using Semblance.Training.Objectives;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Semblance.Training.Tests.Objectives;

/// <summary>
/// An objective of the registry that answers the same question twice in the same way: before each evaluation its state (running means, step
/// counts, memories) is put back and the global generator, which random miners and margins draw from, is seeded.
/// </summary>
internal sealed class FrozenObjective : IDisposable
{
    private const long Seed = 20240607;
    private readonly Dictionary<string, Tensor> _state;

    /// <summary>Creates the objective in a dtype.</summary>
    public FrozenObjective(
        string name, int classes, int dim, ScalarType dtype = ScalarType.Float64, ulong seed = 1, int samples = 0,
        IReadOnlyDictionary<string, object?>? parameters = null)
    {
        Objective = ObjectiveRegistry.Create(
            name,
            parameters ?? new Dictionary<string, object?>(),
            new ObjectiveContext(classes, dim, seed) { SampleCount = samples, Labels = [.. Enumerable.Range(0, samples).Select(i => i % classes)] });
        Objective.to(dtype);
        _state = Objective.named_buffers().ToDictionary(b => b.name, b => b.buffer.clone());
    }

    public Objective Objective { get; }

    /// <summary>Parameters and state whose rows are points of the embedding space: centres, proxies, memories.</summary>
    public IEnumerable<Tensor> Points(int dim) => Objective.parameters().Cast<Tensor>().Concat(_state.Values)
        .Where(t => t.dim() >= 2 && t.shape[^1] == dim);

    /// <summary>Evaluates from the same state and with the same draws as every time.</summary>
    public ObjectiveValue Evaluate(Tensor embeddings, Tensor labels, Tensor? samples = null)
    {
        using (no_grad())
        {
            foreach ((string name, Tensor buffer) in Objective.named_buffers())
            {
                buffer.copy_(_state[name]);
            }
        }

        manual_seed(Seed);
        return Objective.Evaluate(embeddings, labels, samples);
    }

    /// <summary>The loss and, by name, the gradients of the embeddings and of all parameters; zeros where none arrived.</summary>
    public (double Loss, Dictionary<string, Tensor> Gradients) Differentiate(Tensor embeddings, Tensor labels, Tensor? samples = null)
    {
        Objective.zero_grad();
        embeddings.grad?.zero_();
        ObjectiveValue value = Evaluate(embeddings, labels, samples);
        value.Loss.backward();
        Dictionary<string, Tensor> gradients = new() { ["embeddings"] = Gradient(embeddings) };
        foreach ((string name, Parameter parameter) in Objective.named_parameters())
        {
            gradients.Add(name, Gradient(parameter));
        }

        return (value.Loss.to_type(ScalarType.Float64).item<double>(), gradients);

        static Tensor Gradient(Tensor input) => input.grad is { } gradient ? gradient.clone() : zeros_like(input);
    }

    public void Dispose()
    {
        Objective.Dispose();
        foreach (Tensor state in _state.Values)
        {
            state.Dispose();
        }
    }
}
