using System.Globalization;

namespace Semblance.Galleries.Redis;

/// <summary>Times as text: ISO 8601 in UTC, to the tick, so that later is also greater.</summary>
internal static class Timestamp
{
    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Reads a time; the epoch where the text is none.</summary>
    public static DateTimeOffset Read(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            ? time
            : DateTimeOffset.UnixEpoch;
}
