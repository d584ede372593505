using System.Globalization;

namespace Semblance.Galleries.Sqlite;

/// <summary>Times as SQLite users expect them: ISO 8601 text in UTC, to the tick.</summary>
internal static class Timestamp
{
    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Reads a time; the epoch where the text is none (a time is shown, never computed with).</summary>
    public static DateTimeOffset Read(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : DateTimeOffset.UnixEpoch;
}
