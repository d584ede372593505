namespace Semblance.Recognition.Galleries;

/// <summary>The rule for subjects' names, the same in every store.</summary>
public static class SubjectName
{
    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaxLength = 256;

    /// <summary>Accepts a name of 1 to 256 characters without control characters or space at its ends. Case matters.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="UsageException">The name breaks the rule.</exception>
    public static void Require(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > MaxLength || name.Any(char.IsControl) || char.IsWhiteSpace(name[0]) || char.IsWhiteSpace(name[^1]))
        {
            string shown = new(name.Take(40).Select(c => char.IsControl(c) ? '?' : c).ToArray());
            throw new UsageException(
                $"subject name '{shown}': expected 1 to {MaxLength} characters without control characters and without space at either end.");
        }
    }
}
