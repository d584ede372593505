using Semblance.Training.Optimisation;
using TorchSharp;
using static TorchSharp.torch;

namespace Semblance.Training.Loop.Watching;

/// <summary>
/// How far one step moves the weights in relation to their size: ‖Δw‖ / ‖w‖ over the first matrices and kernels that learn, the trunk's
/// before the objective's, as many as fit a bound. Taken from the weights themselves, it holds for any optimiser.
/// </summary>
internal sealed class WeightChange : IDisposable
{
    // 8 MB of float32: copied in about a millisecond, every tenth step.
    private const long MostElements = 2_000_000;

    private readonly Tensor[] _weights;
    private Tensor[] _before = [];

    /// <summary>Chooses the weights.</summary>
    /// <param name="optimizer">The optimiser that moves them.</param>
    public WeightChange(GradientOptimizer optimizer)
    {
        var chosen = new List<Tensor>();
        long elements = 0;
        foreach (Tensor weight in optimizer.Groups.Where(group => group.RateFactor > 0).SelectMany(group => group.Parameters).Select(pair => pair.Value))
        {
            if (weight.dim() >= 2 && elements + weight.numel() <= MostElements)
            {
                chosen.Add(weight);
                elements += weight.numel();
            }
        }

        _weights = [.. chosen];
    }

    /// <summary>Keeps the weights as they are before the step.</summary>
    public void Begin()
    {
        Forget();
        using IDisposable guard = no_grad();
        _before = [.. _weights.Select(weight => weight.detach().clone().DetachFromDisposeScope())];
    }

    /// <summary>Compares with the weights after the step.</summary>
    /// <returns>The ratio, or null where nothing that could be measured learns.</returns>
    public double? End()
    {
        if (_before.Length == 0)
        {
            return null;
        }

        using IDisposable guard = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor sizes = stack(_before.Select(before => before.norm())).norm();
        for (int i = 0; i < _before.Length; i++)
        {
            _ = _before[i].sub_(_weights[i]);
        }

        double size = sizes.to(ScalarType.Float64).item<double>();
        double moved = stack(_before.Select(difference => difference.norm())).norm().to(ScalarType.Float64).item<double>();
        Forget();
        return size > 0 ? moved / size : null;
    }

    /// <inheritdoc/>
    public void Dispose() => Forget();

    private void Forget()
    {
        foreach (Tensor before in _before)
        {
            before.Dispose();
        }

        _before = [];
    }
}
