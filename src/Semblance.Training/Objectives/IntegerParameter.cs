using System.Globalization;

namespace Semblance.Training.Objectives;

/// <summary>A whole number in a range.</summary>
/// <param name="Name">The key.</param>
/// <param name="Default">The default.</param>
/// <param name="Minimum">The smallest value.</param>
/// <param name="Maximum">The largest value.</param>
/// <param name="Description">What it does.</param>
public sealed record IntegerParameter(string Name, int Default, int Minimum, int Maximum, string Description)
    : ObjectiveParameter(Name, Description)
{
    /// <inheritdoc/>
    public override string DefaultText => Text(Default);

    /// <inheritdoc/>
    public override string Allowed => $"a whole number from {Text(Minimum)} to {Text(Maximum)}";

    /// <inheritdoc/>
    internal override object? DefaultValue => Default;

    /// <inheritdoc/>
    internal override object? Convert(object? value)
    {
        double? number = value switch
        {
            int i => i,
            long l => l,
            double d => d,
            float f => f,
            decimal m => (double)m,
            string s when double.TryParse(s.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double d) => d,
            _ => null,
        };
        return number is { } n && Math.Floor(n) == n && n >= Minimum && n <= Maximum ? (int)n : null;
    }
}
