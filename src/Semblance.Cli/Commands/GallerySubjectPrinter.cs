using System.Globalization;
using Semblance.Cli.Reporting;
using Semblance.Recognition.Galleries;

namespace Semblance.Cli.Commands;

/// <summary>Prints what a gallery knows of a person.</summary>
internal static class GallerySubjectPrinter
{
    /// <summary>A moment as tables show it.</summary>
    public static string Moment(DateTimeOffset? moment) => moment?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Prints all of it.</summary>
    public static void Print(ConsoleOutput output, GallerySubject subject) => output.Facts(
        ("person", subject.Name),
        ("external id", subject.ExternalId),
        ("templates", Figures.Count(subject.Templates)),
        ("metadata", subject.Metadata.Count > 0 ? string.Join(", ", subject.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{m.Key}={m.Value}")) : null),
        ("since", Moment(subject.Created)),
        ("last seen", subject.LastSeen is null ? null : Moment(subject.LastSeen)),
        ("expires", subject.Expires is null ? null : Moment(subject.Expires)));
}
