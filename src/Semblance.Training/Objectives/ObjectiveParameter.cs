using System.Globalization;

namespace Semblance.Training.Objectives;

/// <summary>A parameter of a registered objective: its name in a config, its default, what it allows and what it does.</summary>
/// <param name="Name">The key, in snake_case.</param>
/// <param name="Description">What it does, with symbol and source.</param>
public abstract record ObjectiveParameter(string Name, string Description)
{
    /// <summary>The default as a person would write it.</summary>
    public abstract string DefaultText { get; }

    /// <summary>What values are allowed, as a person would say it.</summary>
    public abstract string Allowed { get; }

    /// <summary>The value that holds where none is given; null for "derived from the others".</summary>
    internal abstract object? DefaultValue { get; }

    /// <summary>Converts a value from a config file or the command line, culture-invariant, or answers null where it is not allowed.</summary>
    internal abstract object? Convert(object? value);

    /// <summary>A number written shortly and culture-invariant.</summary>
    private protected static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A real number in a range.</summary>
/// <param name="Name">The key.</param>
/// <param name="Default">The default, or null for "derived": then <paramref name="DerivedFrom"/> says from what.</param>
/// <param name="Minimum">The smallest value.</param>
/// <param name="Maximum">The largest value; infinity for no bound.</param>
/// <param name="Description">What it does.</param>
/// <param name="MinimumAllowed">False where the value must lie above <paramref name="Minimum"/>.</param>
/// <param name="DerivedFrom">What the value follows from where it is not given.</param>
public sealed record RealParameter(
    string Name, double? Default, double Minimum, double Maximum, string Description, bool MinimumAllowed = true, string? DerivedFrom = null)
    : ObjectiveParameter(Name, Description)
{
    /// <inheritdoc/>
    public override string DefaultText => Default is { } value ? Text(value) : DerivedFrom ?? "";

    /// <inheritdoc/>
    public override string Allowed => (MinimumAllowed, double.IsPositiveInfinity(Maximum)) switch
    {
        (true, true) => $"a number of at least {Text(Minimum)}",
        (false, true) => $"a number above {Text(Minimum)}",
        (true, false) => $"a number from {Text(Minimum)} to {Text(Maximum)}",
        _ => $"a number above {Text(Minimum)}, at most {Text(Maximum)}",
    };

    /// <inheritdoc/>
    internal override object? DefaultValue => Default;

    /// <inheritdoc/>
    internal override object? Convert(object? value)
    {
        double? number = value switch
        {
            double d => d,
            float f => f,
            int i => i,
            long l => l,
            decimal m => (double)m,
            string s when double.TryParse(s.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double d) => d,
            _ => null,
        };
        return number is { } n && double.IsFinite(n) && (MinimumAllowed ? n >= Minimum : n > Minimum) && n <= Maximum ? n : null;
    }
}

/// <summary>A whole number in a range.</summary>
/// <param name="Name">The key.</param>
/// <param name="Default">The default, or null for "derived": then <paramref name="DerivedFrom"/> says from what.</param>
/// <param name="Minimum">The smallest value.</param>
/// <param name="Maximum">The largest value; <see cref="int.MaxValue"/> for no bound.</param>
/// <param name="Description">What it does.</param>
/// <param name="DerivedFrom">What the value follows from where it is not given.</param>
public sealed record WholeParameter(string Name, int? Default, int Minimum, int Maximum, string Description, string? DerivedFrom = null)
    : ObjectiveParameter(Name, Description)
{
    /// <inheritdoc/>
    public override string DefaultText => Default is { } value ? Text(value) : DerivedFrom ?? "";

    /// <inheritdoc/>
    public override string Allowed => Maximum == int.MaxValue ? $"a whole number of at least {Text(Minimum)}" : $"a whole number from {Text(Minimum)} to {Text(Maximum)}";

    /// <inheritdoc/>
    internal override object? DefaultValue => Default;

    /// <inheritdoc/>
    internal override object? Convert(object? value)
    {
        long? number = value switch
        {
            int i => i,
            long l => l,
            double d when d == Math.Floor(d) && Math.Abs(d) <= int.MaxValue => (long)d,
            string s when long.TryParse(s.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long l) => l,
            _ => null,
        };
        return number is { } n && n >= Minimum && n <= Maximum ? (int)n : null;
    }
}

/// <summary>A switch.</summary>
/// <param name="Name">The key.</param>
/// <param name="Default">The default.</param>
/// <param name="Description">What it does.</param>
public sealed record FlagParameter(string Name, bool Default, string Description) : ObjectiveParameter(Name, Description)
{
    /// <inheritdoc/>
    public override string DefaultText => Default ? "true" : "false";

    /// <inheritdoc/>
    public override string Allowed => "true or false";

    /// <inheritdoc/>
    internal override object? DefaultValue => Default;

    /// <inheritdoc/>
    internal override object? Convert(object? value) => value switch
    {
        bool b => b,
        string s when bool.TryParse(s, out bool b) => b,
        _ => null,
    };
}

/// <summary>One of several names, each standing for a value.</summary>
/// <typeparam name="T">The type of the values, mostly an enumeration.</typeparam>
/// <param name="Name">The key.</param>
/// <param name="Default">The default's name.</param>
/// <param name="Choices">The names and what they stand for, in the order in which a person should read them.</param>
/// <param name="Description">What it does.</param>
public sealed record ChoiceParameter<T>(string Name, string Default, IReadOnlyList<(string Name, T Value)> Choices, string Description)
    : ObjectiveParameter(Name, Description)
    where T : notnull
{
    /// <inheritdoc/>
    public override string DefaultText => Default;

    /// <inheritdoc/>
    public override string Allowed => $"one of {string.Join(", ", Choices.Select(c => c.Name))}";

    /// <inheritdoc/>
    internal override object? DefaultValue => Convert(Default);

    /// <inheritdoc/>
    internal override object? Convert(object? value)
    {
        string? name = value switch
        {
            string s => s.Trim(),
            // YAML reads a bare true as a switch; a choice may be called so.
            bool b => b ? "true" : "false",
            _ => null,
        };
        foreach ((string known, T stands) in Choices)
        {
            if (string.Equals(known, name, StringComparison.OrdinalIgnoreCase))
            {
                return stands;
            }
        }

        return null;
    }
}
