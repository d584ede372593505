using System.Globalization;

namespace Semblance.Galleries.Sqlite;

/// <summary>Times as SQLite users expect them: ISO 8601 text in UTC, to the tick.</summary>
internal static class Timestamp
{
    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Reads a time that is only shown; the epoch where the text is none.</summary>
    public static DateTimeOffset Read(string text) => TryRead(text) ?? DateTimeOffset.UnixEpoch;

    /// <summary>Reads a time; null where the text is none.</summary>
    public static DateTimeOffset? TryRead(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : null;
}
