namespace Semblance.Cli.Commands;

/// <summary>Checks of counts that a command passes to services which take them for granted.</summary>
internal static class Counted
{
    /// <summary>The value, where it is 1 or more.</summary>
    /// <param name="option">The option's name, for the message.</param>
    /// <param name="value">What was given.</param>
    /// <exception cref="UsageException">The value is 0 or less.</exception>
    public static int AtLeastOne(string option, int value) =>
        value >= 1 ? value : throw new UsageException($"{option} is {value}; expected 1 or more.");
}
