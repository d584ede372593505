namespace Semblance.Recognition.Galleries;

/// <summary>The rule for subjects' names, the same in every store: 1 to 256 characters of valid Unicode, no control characters, no space at either end. Case matters.</summary>
public static class SubjectName
{
    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaxLength = 256;

    // Of a gallery of millions only some are looked through for a name that comes near.
    private const int SuggestedFrom = 10_000;

    /// <summary>The rule in words, for messages.</summary>
    public const string Rule = "expected 1 to 256 characters without control characters and without space at either end";

    /// <summary>Whether a name keeps the rule.</summary>
    /// <param name="name">The name.</param>
    public static bool IsValid(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= MaxLength && !name.Any(char.IsControl) && !char.IsWhiteSpace(name[0]) && !char.IsWhiteSpace(name[^1])
            && SubjectMetadata.IsStorable(name);
    }

    /// <summary>Refuses a name that breaks the rule.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="UsageException">The name breaks the rule.</exception>
    public static void Require(string name)
    {
        if (!IsValid(name))
        {
            string shown = new([.. name.Take(40).Select(c => char.IsControl(c) ? '?' : c)]);
            throw new UsageException($"subject name '{shown}': {Rule}.");
        }
    }

    /// <summary>What to tell where a gallery has no subject of a name, with the known name that comes nearest.</summary>
    /// <param name="name">The name.</param>
    /// <param name="gallery">The gallery's location.</param>
    /// <param name="first">Gives the first subjects, up to a number.</param>
    public static SemblanceException Unknown(string name, string gallery, Func<int, IEnumerable<GallerySubject>> first)
    {
        ArgumentNullException.ThrowIfNull(first);
        string? near = NameSuggestion.Closest(name, first(SuggestedFrom).Select(subject => subject.Name));
        return new SemblanceException($"gallery {gallery} has no subject '{name}'{(near is null ? "." : $"; did you mean '{near}'?")}");
    }
}
