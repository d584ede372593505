using System.CommandLine;
using System.Globalization;

namespace Semblance.Cli.Commands;

/// <summary>The option that says when a person expires.</summary>
internal static class ExpiryOption
{
    private const string Expected = "expected a date (2027-01-31), a moment (2027-01-31T18:00:00Z), a time from now (12h, 30d) or never";

    /// <summary>Creates the option.</summary>
    public static Option<string?> Create() => new("--expires")
    {
        Description = "From then on the person is never found, and 'gallery purge' erases them: a date or moment (UTC), a time from now (12h, 30d), or never.",
        HelpName = "WHEN",
    };

    /// <summary>Reads the moment; null where the option is not given, the last moment there is for never.</summary>
    /// <param name="values">The parsed options.</param>
    /// <param name="option">The option.</param>
    /// <exception cref="UsageException">The text is no moment, or one in the past.</exception>
    public static DateTimeOffset? Read(ParseResult values, Option<string?> option)
    {
        if (values.GetValue(option) is not { } text)
        {
            return null;
        }

        DateTimeOffset now = DateTimeOffset.UtcNow;
        DateTimeOffset? moment = text == "never" ? DateTimeOffset.MaxValue
            : Span(text) is { } span ? now + span
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset parsed) ? parsed
            : null;
        return moment switch
        {
            null => throw new UsageException($"--expires '{text}': {Expected}."),
            { } when moment <= now => throw new UsageException($"--expires '{text}' is in the past; to erase a person now use 'gallery remove'."),
            _ => moment,
        };
    }

    private static TimeSpan? Span(string text)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > 100_000)
        {
            return null;
        }

        return text[^1] switch
        {
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            _ => null,
        };
    }
}
