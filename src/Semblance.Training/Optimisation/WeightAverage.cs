using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Optimisation;

/// <summary>
/// An exponential moving average of a module's parameters and buffers (Polyak and Juditsky 1992; the decayed form of Tarvainen and
/// Valpola 2017, eq. 2). The decay ramps up as (1 + t)/(10 + t), so that a short run is not dominated by its random start.
/// </summary>
public sealed class WeightAverage : IDisposable
{
    private readonly IReadOnlyList<KeyValuePair<string, Tensor>> _source;
    private readonly SortedDictionary<string, Tensor> _average = new(StringComparer.Ordinal);
    private readonly double _decay;

    /// <summary>Starts the average at the module's present weights.</summary>
    /// <param name="module">The module to follow.</param>
    /// <param name="decay">The decay in (0, 1), for example 0.999.</param>
    public WeightAverage(nn.Module module, double decay)
    {
        ArgumentNullException.ThrowIfNull(module);
        _decay = decay;
        _source = [.. module.state_dict()];
        using IDisposable guard = no_grad();
        foreach ((string name, Tensor tensor) in _source)
        {
            _average.Add(name, tensor.detach().clone().DetachFromDisposeScope());
        }
    }

    /// <summary>The averaged tensors by the module's state names; they stay the average's.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors => _average;

    /// <summary>Takes in the module's weights after an update.</summary>
    /// <param name="steps">Updates made so far, from 1.</param>
    public void Update(long steps)
    {
        using IDisposable guard = no_grad();
        double keep = Math.Min(_decay, (1.0 + steps) / (10.0 + steps));
        foreach ((string name, Tensor tensor) in _source)
        {
            Tensor average = _average[name];
            if (average.is_floating_point())
            {
                _ = average.mul_(keep).add_(tensor, 1 - keep);
            }
            else
            {
                _ = average.copy_(tensor);
            }
        }
    }

    /// <summary>Puts saved averages back.</summary>
    /// <param name="saved">Tensors by name; copied.</param>
    /// <exception cref="SemblanceException">A tensor is missing.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        using IDisposable guard = no_grad();
        foreach ((string name, Tensor average) in _average)
        {
            _ = saved.TryGetValue(name, out Tensor? tensor)
                ? average.copy_(tensor)
                : throw new SemblanceException($"the checkpoint has no averaged weight '{name}'; its config has changed: start a new run.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _average.Values)
        {
            tensor.Dispose();
        }

        _average.Clear();
    }
}
