using Microsoft.Data.Sqlite;

namespace Semblance.Galleries.Sqlite;

/// <summary>Turns SQLite's error codes (sqlite.org/rescode.html) into what a person can act on.</summary>
internal static class SqliteFailure
{
    private const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    public static bool IsBusy(SqliteException e) => e.SqliteErrorCode is Busy or Locked;

    public static SemblanceException Explain(string path, SqliteException e) => new(
        e.SqliteErrorCode switch
        {
            Busy or Locked => $"gallery {path} is locked by another process that is writing; try again when it has finished.",
            ReadOnly => $"gallery {path} cannot be written: the file or its folder is read-only.",
            InputOutput => $"gallery {path}: the disk failed to read or write ({e.Message.TrimEnd('.')}); nothing of this batch was stored.",
            Corrupt => $"gallery {path} is damaged ({e.Message.TrimEnd('.')}); restore it from a copy, or export what can be read and enrol again.",
            Full => $"gallery {path} cannot grow: the disk is full; nothing of this batch was stored.",
            CannotOpen => $"gallery {path} cannot be opened: its folder is missing or read-only, or the path is a folder.",
            NotADatabase => $"{path} is no gallery: it is no SQLite database, or is damaged.",
            _ => $"gallery {path}: {e.Message}",
        },
        e);
}
