namespace Semblance.Laboratory.Tests.Golden;

/// <summary>What a naive formula sees of a case: plain arrays, and two ways to speak of what is no smooth part of it.</summary>
internal sealed class NaiveInputs
{
    private readonly Dictionary<string, double> _detached = new(StringComparer.Ordinal);
    private bool _differencing;

    public required double[][] Embeddings { get; init; }

    public required int[] Labels { get; init; }

    /// <summary>Number of classes, absent ones included.</summary>
    public required int Classes { get; init; }

    /// <summary>Further differentiable inputs by their names in the file: weights, bias, scale, beta, centers. One value per row where they have one column.</summary>
    public Dictionary<string, double[][]> Further { get; } = new(StringComparer.Ordinal);

    public double[][] Weights => Further["weights"];

    /// <summary>How near the case came to a switch.</summary>
    public double NearestSwitch { get; private set; } = double.PositiveInfinity;

    /// <summary>Tells of a number whose sign decides (a hinge's argument, the gap between the two largest), and hands it back.</summary>
    public double Switch(double gap)
    {
        if (!_differencing)
        {
            NearestSwitch = Math.Min(NearestSwitch, Math.Abs(gap));
        }

        return gap;
    }

    /// <summary>A number that the gradient takes for a constant: held at its value in the case while differences are taken.</summary>
    public double Detached(string name, double value)
    {
        if (_differencing)
        {
            return _detached[name];
        }

        _detached[name] = value;
        return value;
    }

    /// <summary>From here on differences are taken: switches are of no account, detached numbers stay.</summary>
    public void BeginDifferences() => _differencing = true;
}
