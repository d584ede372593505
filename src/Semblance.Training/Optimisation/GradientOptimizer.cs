using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Optimisation;

/// <summary>
/// A first-order optimiser whose whole state is named tensors and a step count, so that a checkpoint can hold it bit for bit
/// (TorchSharp's own key their state by native handle and their schedulers have no state to save).
/// </summary>
public abstract class GradientOptimizer : IDisposable
{
    private readonly SortedDictionary<string, Tensor> _state = new(StringComparer.Ordinal);

    /// <summary>Creates the optimiser over parameter groups.</summary>
    /// <param name="groups">The groups.</param>
    protected GradientOptimizer(IReadOnlyList<ParameterGroup> groups) => Groups = groups;

    /// <summary>The parameter groups.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>Number of updates made so far.</summary>
    public long Steps { get; private set; }

    /// <summary>The state tensors by name; they stay the optimiser's.</summary>
    public IReadOnlyDictionary<string, Tensor> State => _state;

    /// <summary>Parts of an objective that update themselves within <see cref="Step"/>; their gradients are no parameters' gradients.</summary>
    public IReadOnlyList<SelfUpdatingPart> SelfUpdating { get; protected init; } = [];

    /// <summary>What clipping multiplies the gradients of <see cref="SelfUpdating"/> by in the next <see cref="Step"/>.</summary>
    public double SelfUpdatingFactor { get; internal set; } = 1;

    /// <summary>All parameters of all groups.</summary>
    public IEnumerable<Tensor> Parameters => Groups.SelectMany(group => group.Parameters.Select(pair => pair.Value));

    /// <summary>Updates every parameter that has a gradient.</summary>
    /// <param name="learningRate">The schedule's rate at this step; each group multiplies its factor.</param>
    public void Step(double learningRate)
    {
        using IDisposable guard = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Steps++;
        foreach (ParameterGroup group in Groups)
        {
            foreach ((string name, Tensor parameter) in group.Parameters)
            {
                if (parameter.grad is { } gradient)
                {
                    Update(name, parameter, gradient, learningRate * group.RateFactor, group.WeightDecay);
                }
            }
        }

        foreach (SelfUpdatingPart part in SelfUpdating)
        {
            Update(part, learningRate * part.RateFactor, SelfUpdatingFactor);
        }

        SelfUpdatingFactor = 1;
    }

    /// <summary>Frees all gradients.</summary>
    public void ClearGradients()
    {
        foreach (Tensor parameter in Parameters)
        {
            parameter.grad?.Dispose();
            parameter.grad = null;
        }
    }

    /// <summary>Puts a saved state back.</summary>
    /// <param name="steps">The saved step count.</param>
    /// <param name="state">The saved tensors by name; copied.</param>
    /// <exception cref="SemblanceException">A tensor belongs to no parameter or has another shape.</exception>
    public void Restore(long steps, IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var parameters = Groups.SelectMany(group => group.Parameters).ToDictionary(pair => pair.Key, pair => pair.Value);
        using IDisposable guard = no_grad();
        foreach ((string key, Tensor saved) in state)
        {
            string owner = key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..];
            if (!parameters.TryGetValue(owner, out Tensor? parameter) || !parameter.shape.SequenceEqual(saved.shape))
            {
                throw new SemblanceException($"the checkpoint's optimiser state '{key}' fits no parameter of this run; its config has changed: start a new run.");
            }

            _ = StateFor(key[..key.IndexOf('/', StringComparison.Ordinal)], owner, parameter).copy_(saved);
        }

        Steps = steps;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _state.Values)
        {
            tensor.Dispose();
        }

        _state.Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>Updates one parameter in place.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parameter">The leaf tensor.</param>
    /// <param name="gradient">Its gradient, which may be overwritten.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="weightDecay">The weight decay.</param>
    protected abstract void Update(string name, Tensor parameter, Tensor gradient, double rate, double weightDecay);

    /// <summary>Has a part update itself by this optimiser's rule.</summary>
    /// <param name="part">The part.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="gradientFactor">What clipping multiplies its gradient by.</param>
    protected virtual void Update(SelfUpdatingPart part, double rate, double gradientFactor) =>
        throw new NotSupportedException($"{GetType().Name} has no rule for parts that update themselves.");

    /// <summary>The state tensor of a parameter, zero at first, laid out as the parameter is.</summary>
    /// <param name="kind">What the state is, for example momentum.</param>
    /// <param name="name">The parameter's name.</param>
    /// <param name="parameter">The parameter.</param>
    protected Tensor StateFor(string kind, string name, Tensor parameter)
    {
        string key = kind + "/" + name;
        if (!_state.TryGetValue(key, out Tensor? tensor))
        {
            tensor = zeros_like(parameter).DetachFromDisposeScope();
            tensor.requires_grad = false;
            _state.Add(key, tensor);
        }

        return tensor;
    }
}
